import { FetchTrouble } from './trouble.ts';

/** An archive of modules beyond this is none. */
const largestBody = 256 * 1024 * 1024;
const largestAnswer = 4 * 1024 * 1024;

export interface HttpOptions {
  /** Tokens for hosts, as Terraform reads them: `TF_TOKEN_app_terraform_io`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

/** The token that the person keeps for a host; sent to that host alone. */
export function tokenFor(host: string, environment: HttpOptions['environment']): string | undefined {
  const name = host.toLowerCase().replace(/-/g, '__').replace(/\./g, '_');
  return environment[`TF_TOKEN_${name}`];
}

export async function getJson(
  url: URL,
  options: HttpOptions,
): Promise<{ readonly json: unknown; readonly got: Response }> {
  const got = await get(url, options, 'application/json');
  const text = got.status === 204 ? '' : Buffer.from(await body(got, largestAnswer)).toString('utf8');
  if (text === '') return { json: undefined, got };
  try {
    return { json: JSON.parse(text) as unknown, got };
  } catch {
    throw new FetchTrouble(`${shown(url)} answered with something that is no JSON`);
  }
}

export async function getBytes(url: URL, options: HttpOptions): Promise<Uint8Array> {
  return body(await get(url, options, '*/*'), largestBody);
}

async function get(url: URL, { environment, signal }: HttpOptions, accept: string): Promise<Response> {
  const token = tokenFor(url.hostname, environment);
  const clean = new URL(url);
  clean.username = '';
  clean.password = '';
  const basic =
    url.username === ''
      ? undefined
      : `Basic ${Buffer.from(`${decoded(url.username)}:${decoded(url.password)}`).toString('base64')}`;
  const authorization = basic ?? (token === undefined ? undefined : `Bearer ${token}`);
  let got: Response;
  try {
    got = await fetch(clean, {
      headers: { accept, ...(authorization === undefined ? {} : { authorization }) },
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new FetchTrouble(`${shown(url)} could not be reached: ${cause}`);
  }
  if (!got.ok) throw new FetchTrouble(`${shown(url)} answered ${got.status}`);
  return got;
}

/** A `%` that stands for nothing is one. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function body(got: Response, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of got.body ?? []) {
    size += part.length;
    if (size > limit) throw new FetchTrouble(`more than ${limit / 1024 / 1024} MiB came`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Without credentials and query: either may hold a token. */
export function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
