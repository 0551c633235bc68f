import { KarmaError } from '../../model/errors.ts';

/** What API Gateway (HTTP APIs, payload 2.0) and function URLs hand over: the members that are used here. */
export interface HttpEvent {
  readonly version: '2.0';
  readonly rawPath: string;
  readonly rawQueryString?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly domainName?: string;
    readonly stage?: string;
    readonly http: { readonly method: string };
  };
}

export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

export function isHttpEvent(event: unknown): event is HttpEvent {
  if (event === null || typeof event !== 'object') return false;
  const { version, rawPath, requestContext } = event as Partial<HttpEvent>;
  return version === '2.0' && typeof rawPath === 'string' && typeof requestContext?.http?.method === 'string';
}

/**
 * The request as it was sent. Several headers of one name come joined by commas, as `Headers` joins them too.
 * @throws KARMA_INPUT_INVALID for a path that makes no address
 */
export function requestOf(event: HttpEvent): Request {
  const { rawPath, rawQueryString = '', headers = {}, body, isBase64Encoded, requestContext } = event;
  const { domainName = 'lambda', stage = '$default', http } = requestContext;
  // A stage that is named stands before each path.
  const path = stage !== '$default' && rawPath.startsWith(`/${stage}/`) ? rawPath.slice(stage.length + 1) : rawPath;
  const address = URL.parse(`https://${domainName}${path}${rawQueryString === '' ? '' : `?${rawQueryString}`}`);
  if (address === null) throw new KarmaError('KARMA_INPUT_INVALID', 'the event names no address');
  const { method } = http;
  const given = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  const bytes = body === undefined ? undefined : Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8');
  const hasBody = bytes !== undefined && method !== 'GET' && method !== 'HEAD';
  return new Request(address, { method, headers: given, ...(hasBody ? { body: new Uint8Array(bytes) } : {}) });
}

/** Texts go out as they are, everything else as base64. */
export async function resultOf(response: Response): Promise<HttpResult> {
  const bytes = Buffer.from(await response.arrayBuffer());
  const type = response.headers.get('content-type') ?? '';
  const isText =
    response.headers.get('content-encoding') === null &&
    (/^text\/|json|xml|javascript/.test(type) || bytes.length === 0);
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: bytes.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  };
}
