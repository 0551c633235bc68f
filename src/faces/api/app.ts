import type { McpHttpHandler } from '@modelcontextprotocol/server';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import type { EngineContext } from '../../engine/context.ts';
import { askUntyped, verbNamed } from '../../engine/verbs/table.ts';
import { newestPublished } from '../../engine/versions/newest.ts';
import { sha256 } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import { documentOf } from '../document.ts';
import type { WebFiles } from '../service/web-files.ts';
import { type Caller, roleFor, TokenAccess } from './access.ts';
import { askByName } from './ask.ts';
import { readJson } from './body.ts';
import { cloudEventsOf } from './cloud-events.ts';
import { eventStream } from './event-stream.ts';
import { type Loopback, mustBeLocal } from './guard.ts';
import { Counters } from './metrics.ts';
import { openApi } from './openapi.ts';
import { isPage, pageOf } from './pages.ts';
import { pictureFile, wantsSvg } from './picture-file.ts';
import { problemResponse } from './problem.ts';
import { queryOf } from './query-of.ts';
import { type Route, routeFor, routes } from './routes.ts';
import { runLogStream } from './run-log-stream.ts';

export interface ApiOptions {
  /** The estate, opened once; each request asks it as itself. */
  readonly context: EngineContext;
  /** Without credentials: who may ask. With them the token says who does. */
  readonly loopback: Loopback | 'tokens';
  /** Told of each request when it is answered. */
  readonly told?: (line: RequestLine) => void;
  /** The UI, where it was built. */
  readonly web?: WebFiles;
  /** Milliseconds that only ever go up. */
  readonly clock: () => number;
}

export interface RequestLine {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly milliseconds: number;
}

/** Answers kept ready, by version and question. */
const mostKept = 2_000;
const largestKept = 256 * 1024;
const longestUrl = 16 * 1024;

/** The HTTP face: routes, status codes, versions, streams. What is asked and answered is the engine's. */
export function makeApi({ context, loopback, told, web, clock }: ApiOptions): Hono {
  const app = new Hono();
  const counters = new Counters();
  const kept = new Map<string, string>();
  const access = loopback === 'tokens' ? new TokenAccess(context, clock) : undefined;
  const callers = new WeakMap<Request, Caller>();
  // How far a question is is no news for who runs the service.
  const asked: EngineContext = { ...context, door: 'api', report: () => undefined };
  const as = (caller: Caller | undefined): EngineContext =>
    caller === undefined ? asked : { ...asked, actor: caller.actor };
  app.use(async (call, next) => {
    const began = clock();
    await next();
    const milliseconds = clock() - began;
    const { method, path } = call.req;
    counters.count(routes.some((route) => route.path === path) ? path : 'other', call.res.status, milliseconds);
    told?.({ method, path, status: call.res.status, milliseconds });
    for (const [name, value] of Object.entries(safe))
      if (!call.res.headers.has(name)) call.res.headers.set(name, value);
  });
  app.use(async (call, next) => {
    if (call.req.url.length > longestUrl) throw new KarmaError('KARMA_USAGE', 'the question is too long for a URL');
    const { raw, path } = call.req;
    if (access === undefined) mustBeLocal(raw, loopback as Loopback, { goesToPage: isPage(raw, path) });
    else if (pageOf(raw, path, web) === undefined) {
      const caller = await access.callerOf(raw, path);
      if (caller !== undefined) callers.set(raw, caller);
      await caller?.must('viewer');
    }
    await next();
  });
  app.use(compress());
  app.onError((error, call) => problemResponse(error, call.req.path));
  app.notFound((call) => problemResponse(nothingThere(call.req.path), call.req.path));
  app.get('/healthz', (call) => call.text('ok\n'));
  app.get('/readyz', async (call) => {
    await context.stores.ledger();
    return call.text('ok\n');
  });
  app.get('/metrics', (call) => call.text(counters.text(), 200, { 'content-type': 'text/plain; version=0.0.4' }));
  app.get('/v1/openapi.json', async (call) =>
    call.json(await openApi(context.version, call.req.query('openapi') === '3.2' ? '3.2.0' : '3.1.0')),
  );
  app.get('/v1/log/stream', (call) => eventStream(call, asked));
  app.post('/v1/ask', (call) => {
    const caller = callers.get(call.req.raw);
    return askByName(call.req.raw, as(caller), caller);
  });
  for (const path of ['/v1/events', '/events'])
    app.post(path, async (call) => {
      const caller = callers.get(call.req.raw);
      await caller?.must('proposer');
      const events: object[] = [];
      for (const one of await cloudEventsOf(call.req.raw))
        events.push(await askUntyped(as(caller), 'take-event', one, { signal: call.req.raw.signal }));
      return new Response(documentOf({ events }), { status: 202, headers: json });
    });
  const agents = agentDoor(context);
  app.all('/mcp', async (call) => (await agents()).fetch(call.req.raw));
  app.get('/v1/run/log', async (call, next) => {
    const accept = call.req.header('accept') ?? '';
    return accept.includes('text/event-stream') ? runLogStream(call, asked) : next();
  });
  app.all('*', async (call) => {
    const page = pageOf(call.req.raw, call.req.path, web);
    if (page !== undefined) return page;
    const parameters = new URL(call.req.url).searchParams;
    if (wantsSvg(call.req.raw, call.req.path)) return drawn(parameters, call.req.raw);
    const route = routeFor(call.req.method, call.req.path, parameters);
    if (route === undefined) return notAnswered(call.req.path, call.req.method);
    return answer(route, parameters, call.req.raw);
  });

  /** What `/v1/graph` describes, as an image. */
  async function drawn(given: URLSearchParams, request: Request): Promise<Response> {
    const { query: shape } = await verbNamed('draw');
    const query = { ...queryOf(shape, given), format: 'svg' };
    const version = given.has('since') ? undefined : await asOf(context, query);
    const answered = await askUntyped(asked, 'draw', query, { signal: request.signal });
    const file = pictureFile(answered);
    const headers = {
      etag: contentTag(file.body),
      ...(version === undefined ? {} : { 'karma-version': `v${version.version}` }),
    };
    if (isAsItWas(request, headers.etag)) return unchanged(headers.etag, headers);
    return new Response(file.body, { headers: { ...file.headers, ...headers } });
  }

  async function answer(route: Route, given: URLSearchParams, request: Request): Promise<Response> {
    const verb = await verbNamed(route.verb);
    const caller = callers.get(request);
    await caller?.must(roleFor(verb.writes));
    if (request.headers.has('if-match')) await mustMatch(request, context);
    const hasBody = route.method === 'post' && request.headers.get('content-type') !== null;
    const query: Record<string, unknown> = hasBody
      ? { ...(await readJson(request)) }
      : queryOf(verb.query, route.from?.(given) ?? given);
    const version = route.ofGraph === true || route.newest === true ? await asOf(context, query) : undefined;
    const tag = route.ofGraph === true && version !== undefined ? versionTag(version, context.version) : undefined;
    const headers = { ...json, ...(version === undefined ? {} : { 'karma-version': `v${version.version}` }) };
    if (tag !== undefined && isAsItWas(request, tag)) return unchanged(tag, headers);
    const name = `${tag ?? ''} ${route.verb} ${JSON.stringify(query)}`;
    const before = tag === undefined ? undefined : kept.get(name);
    const { schemaVersion } = verb;
    const body =
      before ??
      documentOf(entered(route, await askUntyped(as(caller), route.verb, query, { signal: request.signal })), {
        schemaVersion,
      });
    if (tag !== undefined && before === undefined && body.length <= largestKept) {
      if (kept.size >= mostKept) kept.delete(kept.keys().next().value ?? '');
      kept.set(name, body);
    }
    if (route.method !== 'get') return new Response(body, { headers });
    const etag = tag ?? contentTag(body);
    return isAsItWas(request, etag) ? unchanged(etag, headers) : new Response(body, { headers: { ...headers, etag } });
  }
  return app;
}

/** Whoever enters is told where everything is. */
function entered(route: Route, answer: object): object {
  return route.path === '/v1' ? { ...answer, ...entrance } : answer;
}

const entrance = {
  limits: { url: longestUrl },
  links: [...new Set(routes.filter(({ alias }) => alias !== true).map(({ path }) => path))],
};

/** Only while the newest version is the one that who asks has seen. @throws KARMA_CHANGED */
async function mustMatch(request: Request, context: EngineContext): Promise<void> {
  const newest = await newestPublished(context);
  const now = newest === undefined ? undefined : versionTag(newest, context.version);
  const named = (request.headers.get('if-match') ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  if (now !== undefined && (named.includes(now) || named.includes('*'))) return;
  throw new KarmaError('KARMA_CHANGED', 'the newest version is not the one that If-Match names', {
    hint: newest === undefined ? 'nothing is published yet' : `it is v${newest.version} now: look again`,
  });
}

/** Versions that differ in a line or a secret have one hash, and another Karma may say more of the same version. */
function versionTag({ version, hash }: { readonly version: number; readonly hash: string }, karma: string): string {
  return `"${version}-${hash.slice(0, 16)}-${karma}"`;
}

function contentTag(body: string): string {
  return `"${sha256(body).slice(0, 16)}"`;
}

function unchanged(etag: string, headers: Readonly<Record<string, string>>): Response {
  const { 'content-type': _, ...rest } = headers as Record<string, string>;
  return new Response(null, { status: 304, headers: { ...rest, etag } });
}

/** The tools for agents over HTTP, loaded for the first who asks. */
function agentDoor(context: EngineContext): () => Promise<McpHttpHandler> {
  let loaded: Promise<McpHttpHandler> | undefined;
  return () => {
    loaded ??= Promise.all([import('@modelcontextprotocol/server'), import('../mcp/server.ts')]).then(
      ([{ createMcpHandler }, { makeMcpServer }]) => createMcpHandler(() => makeMcpServer(context)),
    );
    return loaded;
  };
}

/** A compressed answer carries the tag as a weak one, and several may be named. */
function isAsItWas(request: Request, tag: string): boolean {
  const named = (request.headers.get('if-none-match') ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  return named.includes(tag);
}

/**
 * A question that says nothing of the time is answered at the newest version: the same for all who ask, and cheap. Where
 * nothing was published, or `at=worktree` is said, it is the work tree as it is. The version comes into the query.
 */
async function asOf(
  context: EngineContext,
  query: Record<string, unknown>,
): Promise<{ readonly version: number; readonly hash: string } | undefined> {
  if (query['at'] === 'worktree') {
    delete query['at'];
    return undefined;
  }
  // A list goes on at the version that it began with.
  if (query['at'] !== undefined || query['cursor'] !== undefined) return undefined;
  const newest = await newestPublished(context);
  if (newest !== undefined) query['at'] = `v${newest.version}`;
  return newest;
}

function nothingThere(path: string): KarmaError {
  return new KarmaError('KARMA_NOT_FOUND', `there is nothing at ${path.slice(0, 200)}`, {
    hint: '/v1/openapi.json describes what there is',
  });
}

/** Paths that no route of a verb stands for. */
const besides: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['/healthz', '/readyz', '/metrics', '/v1/openapi.json', '/v1/log/stream'].map((path) => [path, ['GET']]),
  ),
  '/v1/ask': ['POST'],
  '/v1/events': ['POST'],
  '/events': ['POST'],
};

/** A path that is there and is asked by another method says which. */
function notAnswered(path: string, method: string): Response {
  const here = routes.filter((route) => route.path === path).map((one) => one.method.toUpperCase());
  const allowed = [...new Set([...here, ...(besides[path] ?? [])])];
  if (allowed.length === 0) return problemResponse(nothingThere(path), path);
  const error = new KarmaError('KARMA_USAGE', `${path} is asked by ${allowed.join(' or ')}, not by ${method}`);
  return problemResponse(error, path, { status: 405, headers: { allow: allowed.join(', ') } });
}

const json = { 'content-type': 'application/json; charset=utf-8' };

/** What a browser may do with an answer: nothing but show it to this origin. */
const safe: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; img-src 'self' data:; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};
