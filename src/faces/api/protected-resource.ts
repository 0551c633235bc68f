import type { IdentityIssuer } from '../../engine/access/grants.ts';
import type { Requested } from './requested.ts';

/** Where a service says whose tokens it takes (RFC 9728): whoever is turned away finds the issuer by it, agents first of all. */
const wellKnown = '/.well-known/oauth-protected-resource';

/** What is described: the whole service, or the door of agents, which calls itself by its own address. */
const described: Readonly<Record<string, string>> = { [wellKnown]: '', [`${wellKnown}/mcp`]: '/mcp' };

export const metadataPaths: readonly string[] = Object.keys(described);

/** The address that callers know the service by: what tokens must be for, where that is an address, else where they asked. */
function addressOf(issuer: IdentityIssuer, request: Pick<Requested, 'url'>): string {
  const named = URL.parse(issuer.audience);
  const isAddress = named !== null && /^https?:$/.test(named.protocol);
  return isAddress ? issuer.audience.replace(/\/$/, '') : new URL(request.url).origin;
}

/** Undefined where the service takes no tokens but those of the estate. */
export function protectedResource(
  issuer: IdentityIssuer | undefined,
  request: Pick<Requested, 'url'>,
): object | undefined {
  if (issuer === undefined) return undefined;
  const door = described[new URL(request.url).pathname] ?? '';
  return {
    resource: `${addressOf(issuer, request)}${door}`,
    authorization_servers: [issuer.issuer],
    bearer_methods_supported: ['header'],
    resource_name: 'Karma',
  };
}

/** What a caller without a credential is told to show, and where it may come from. */
export function challenge(issuer: IdentityIssuer | undefined, request: Pick<Requested, 'url'>): string {
  if (issuer === undefined) return 'Bearer';
  const { pathname } = new URL(request.url);
  const path = pathname === '/mcp' ? `${wellKnown}/mcp` : wellKnown;
  return `Bearer resource_metadata="${addressOf(issuer, request)}${path}"`;
}
