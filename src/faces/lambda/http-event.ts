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
 * @throws KARMA_INPUT_INVALID for what makes no request: an address, a method or a header that HTTP does not know
 */
export function requestOf(event: HttpEvent): Request {
  const { rawPath, requestContext } = event;
  const { domainName, stage, http } = requestContext;
  // A stage that is named stands before each path.
  const isNamed = typeof stage === 'string' && stage !== '$default' && rawPath.startsWith(`/${stage}/`);
  const path = isNamed ? rawPath.slice(stage.length + 1) : rawPath;
  const query = textOf(event.rawQueryString);
  const host = textOf(domainName) || 'lambda';
  // What stands in the path is no part of the host's name, whatever it looks like.
  const address = URL.parse(
    `https://${host}${path.startsWith('/') ? '' : '/'}${path}${query === '' ? '' : `?${query}`}`,
  );
  if (address === null) throw new KarmaError('KARMA_INPUT_INVALID', 'the event names no address');
  const { method } = http;
  const given = Object.entries(event.headers ?? {}).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  const hasBody = typeof event.body === 'string' && !/^(?:get|head)$/i.test(method);
  const bytes = hasBody ? Buffer.from(event.body, event.isBase64Encoded === true ? 'base64' : 'utf8') : undefined;
  try {
    return new Request(address, { method, headers: given, ...(bytes === undefined ? {} : { body: bytes }) });
  } catch (cause) {
    throw new KarmaError('KARMA_INPUT_INVALID', 'the event makes no request: a method or a header is none of HTTP', {
      cause,
    });
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
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
