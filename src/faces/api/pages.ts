import type { WebFile, WebFiles } from '../service/web-files.ts';
import type { Requested } from './requested.ts';

/** Paths that a program asks; everything else that a browser goes to is a page of the UI. */
const ofPrograms = /^\/(?:v1(?:\/|$)|mcp$|healthz$|readyz$|metrics$)/;

/** Whether a browser goes to a page, and no program asks for data. */
export function isPage({ method, headers }: Pick<Requested, 'method' | 'headers'>, path: string): boolean {
  if ((method !== 'GET' && method !== 'HEAD') || ofPrograms.test(path)) return false;
  return (headers.get('accept') ?? '').split(',').some((one) => one.trim().startsWith('text/html'));
}

/** Whether something of the UI is asked for, which is everybody's to see. */
export function wantsPage(request: Requested, path: string, web: WebFiles | undefined): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  if (web?.find(path) !== undefined) return true;
  return isPage(request, path) && (path === '/' || web?.find('/index.html') !== undefined);
}

/**
 * A file of the UI, or its first page, which finds by itself what a path means. Undefined: nothing of the UI is asked for.
 */
export function pageOf(request: Request, path: string, web: WebFiles | undefined): Response | undefined {
  if (!wantsPage(request, path, web)) return undefined;
  const file = web?.find(path) ?? web?.find('/index.html');
  return file === undefined ? html(withoutUi) : answer(request, file);
}

function answer(request: Request, { type, tag, hashed, read }: WebFile): Response {
  const headers = {
    'content-type': type,
    etag: tag,
    'cache-control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'accept',
  };
  const known = (request.headers.get('if-none-match') ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  if (known.includes(tag)) return new Response(null, { status: 304, headers });
  return new Response(read(), { headers });
}

function html(body: string): Response {
  return new Response(body, { headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' } });
}

/** Nothing in it comes from outside, and it needs no style. */
const withoutUi = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Karma</title>
<h1>Karma</h1>
<p>This service answers, but its pages were not built. In a checkout of Karma, <code>npm run build</code> builds them.</p>
<p>What it knows can be asked all the same:</p>
<ul>
<li><a href="/v1">/v1</a>: the estate, and every route
<li><a href="/v1/overview">/v1/overview</a>: what is in it
<li><a href="/v1/components">/v1/components</a>: its components
<li><a href="/v1/findings">/v1/findings</a>: what is wrong or odd
<li><a href="/v1/openapi.json">/v1/openapi.json</a>: all of it described
</ul>
</html>
`;
