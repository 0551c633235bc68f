import { KarmaError } from '../../model/errors.ts';
import type { Requested } from './requested.ts';

/** What a service without credentials answers to: itself, from this machine. */
export interface Loopback {
  readonly port: number;
}

/**
 * A page of another origin that the person has open must not read or steer the service. A name that leads here by somebody's
 * name server is told by its Host, a page by its Origin and by what the browser says of the site.
 * @throws KARMA_REFUSED
 */
export function mustBeLocal(
  request: Pick<Requested, 'url' | 'headers'>,
  { port }: Loopback,
  { goesToPage = false }: { readonly goesToPage?: boolean } = {},
): void {
  const hosts = [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`];
  const host = request.headers.get('host')?.toLowerCase() ?? '';
  // Who names a service in the line of the request means that one, whatever stands in Host.
  if (!hosts.includes(host) || !hosts.includes(new URL(request.url).host))
    throw new KarmaError('KARMA_REFUSED', `this service answers to ${hosts[0]}, not to another name`, {
      hint: 'it has no credentials, so only this machine may ask it, by its own name',
    });
  const origin = request.headers.get('origin');
  if (origin !== null && !hosts.some((one) => origin === `http://${one}`)) throw foreign();
  // A link on another site may lead here: the page that made it sees nothing of what the browser then shows.
  const goesThere =
    request.headers.get('sec-fetch-mode') === 'navigate' && request.headers.get('sec-fetch-dest') === 'document';
  if (goesToPage && goesThere && origin === null) return;
  const site = request.headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin' && site !== 'none') throw foreign();
}

function foreign(): KarmaError {
  return new KarmaError('KARMA_REFUSED', 'a page of another site may not ask this service', {
    hint: 'open the service itself in the browser',
  });
}
