import { Hono } from 'hono';
import { compress } from 'hono/compress';
import type { IdentityIssuer } from '../../engine/access/grants.ts';
import type { Engine } from '../../engine/engine.ts';
import { askUntyped, verbNamed } from '../../engine/verbs/table.ts';
import { isKarmaError, KarmaError } from '../../model/errors.ts';
import { documentOf } from '../document.ts';
import type { WebFiles } from '../service/web-files.ts';
import { mustMay } from './access.ts';
import { agentDoor, type Speaker } from './agent-door.ts';
import type { Allowance } from './allowance.ts';
import { type Answering, answerHere } from './answering.ts';
import { askByName } from './ask.ts';
import { cloudEventsOf } from './cloud-events.ts';
import { Denials } from './denials.ts';
import { DirectDoor } from './direct-door.ts';
import { eventStream } from './event-stream.ts';
import { EventTail } from './event-tail.ts';
import type { Loopback } from './guard.ts';
import { Counters } from './metrics.ts';
import { openApi } from './openapi.ts';
import { pageOf } from './pages.ts';
import { Passage, type Passing, type RequestLine } from './passage.ts';
import { wantsSvg } from './picture-file.ts';
import { problemResponse } from './problem.ts';
import { challenge, metadataPaths, protectedResource } from './protected-resource.ts';
import { onceByKey } from './replays.ts';
import type { Requested } from './requested.ts';
import { type Asked, drawnAnswer, json, RouteAnswers } from './route-answers.ts';
import { pathMembers, routeFor, routes } from './routes.ts';
import { runLogStream } from './run-log-stream.ts';
import { eventStreamOf } from './server-sent-events.ts';
import { ToldEvents } from './told-events.ts';
import { type Hooks, hookPaths, WebhookDoor } from './webhooks.ts';

export interface ApiOptions {
  /** The estate, opened once; each request asks it as itself. */
  readonly engine: Engine;
  /** Without credentials: who may ask. With them the token says who does. */
  readonly loopback: Loopback | 'tokens';
  /** Whose tokens are taken beside those of the estate. */
  readonly issuer?: IdentityIssuer | undefined;
  /** What is done when a repository moved, where somebody may tell of that. */
  readonly hooks?: Hooks | undefined;
  /** How often each caller may ask; default: as often as they like. */
  readonly allowance?: Allowance | undefined;
  /** `brief`: a stream tells what there is and ends, and its listener comes again. */
  readonly streams?: 'brief';
  /** Who answers; default: this process, one after the other. */
  readonly answering?: Answering;
  /** Told of each request when it is answered. */
  readonly told?: (line: RequestLine) => void;
  /** The UI, where it was built. */
  readonly web?: WebFiles;
  /** Milliseconds that only ever go up. */
  readonly clock: () => number;
}

/** Pages say that they are pages: who did something in a browser did it there. It is told to the ledger and opens nothing. */
function doorOf(request: Requested): 'api' | 'ui' {
  return request.headers.get('karma-door') === 'ui' ? 'ui' : 'api';
}

interface Variables {
  readonly passing: Passing;
}

export interface Api {
  readonly app: Hono<{ Variables: Variables }>;
  /** For who serves by Node's own server: asked before the app is. */
  readonly direct: DirectDoor;
}

/** The HTTP face: routes, status codes, versions, streams. What is asked and answered is the engine's. */
export function makeApi({
  engine,
  loopback,
  issuer,
  hooks,
  allowance,
  streams,
  told,
  web,
  clock,
  answering = answerHere,
}: ApiOptions): Api {
  const app = new Hono<{ Variables: Variables }>();
  const counters = new Counters();
  // What this face does by itself, for nobody who asks.
  const context = engine.as({ door: 'api' });
  const denials = new Denials(context, clock);
  const passage = new Passage({
    ...{ context, loopback, issuer, allowance, web, clock, counters, denials, told, formOf },
  });
  const answers = new RouteAnswers(answering);
  const tail = new EventTail(context);
  const events = new ToldEvents();
  const askedBy = <From extends Requested>(request: From, url: URL, { caller, trace }: Passing): Asked<From> => {
    const as: Asked['as'] = (more) =>
      engine.as({
        ...{ door: doorOf(request), trace: trace?.id, signal: request.signal },
        ...(caller === undefined ? {} : { actor: caller.actor, person: caller.person, mustIn: caller.mustIn }),
        ...more,
      });
    return { request, parameters: url.searchParams, caller, as, context: as({}) };
  };
  const asked = (call: { readonly var: Variables; readonly req: { readonly raw: Request; readonly url: string } }) =>
    askedBy(call.req.raw, new URL(call.req.url), call.var.passing);
  app.use(async (call, next) => {
    const { raw, path, method } = call.req;
    const passing = passage.begin(raw, path);
    call.set('passing', passing);
    await next();
    const { status, headers } = call.res;
    for (const [name, value] of Object.entries(passage.end({ method }, passing, status)))
      if (!headers.has(name)) headers.set(name, value);
  });
  app.use(async (call, next) => {
    await passage.admit(call.req.raw, call.var.passing);
    await next();
  });
  app.use(compress());
  const problem = (error: unknown, request: Requested, path: string) => {
    const isUnknown = isKarmaError(error) && error.code === 'KARMA_UNKNOWN_CALLER';
    const headers = isUnknown ? { 'www-authenticate': challenge(issuer, request) } : {};
    return problemResponse(error, path, { headers });
  };
  const direct = new DirectDoor({ passage, answers, asked: askedBy, problem });
  app.onError((error, call) => problem(error, call.req.raw, call.req.path));
  app.notFound((call) => problemResponse(nothingThere(call.req.path), call.req.path));
  app.get('/healthz', (call) => call.text('ok\n'));
  app.get('/readyz', async (call) => {
    try {
      await (await context.stores.ledger()).head();
      return call.text('ok\n');
    } catch (error) {
      return problemResponse(error, call.req.path, { status: 503 });
    }
  });
  for (const path of metadataPaths)
    app.get(path, (call) => {
      const told = protectedResource(issuer, call.req.raw);
      return told === undefined ? call.notFound() : call.json(told);
    });
  app.get('/metrics', (call) => call.text(counters.text(), 200, { 'content-type': 'text/plain; version=0.0.4' }));
  // The same as long as the process lives.
  const described = new Map<string, Promise<string>>();
  app.get('/v1/openapi.json', async (call) => {
    const form = call.req.query('openapi') === '3.2' ? '3.2.0' : '3.1.0';
    const text = described.get(form) ?? openApi(context.version, form).then((document) => JSON.stringify(document));
    described.set(form, text);
    return call.body(await text, 200, { 'content-type': 'application/json' });
  });
  app.get('/v1/log/stream', (call) =>
    eventStream(call, { ...asked(call), tail, told: events, counters, isBrief: streams === 'brief' }),
  );
  app.post('/v1/ask', (call) => askByName(asked(call), answering, (next) => eventStreamOf(call, counters, next)));
  for (const path of ['/v1/events', '/events']) app.post(path, (call) => takeEvents(asked(call)));
  const door = new WebhookDoor(hooks, context, denials);
  for (const [path, sender] of Object.entries(hookPaths)) app.post(path, (call) => door.take(sender, call.req.raw));
  const agents = agentDoor();
  app.all('/mcp', (call) => agents(call.req.raw, speaker(asked(call), answering)));
  app.get('/v1/run/log', async (call, next) => {
    const accept = call.req.header('accept') ?? '';
    return accept.includes('text/event-stream') ? runLogStream(call, { ...asked(call), counters }) : next();
  });
  app.all('*', async (call) => {
    const { raw, path, method } = call.req;
    const page = pageOf(raw, path, web);
    if (page !== undefined) return page;
    const question = asked(call);
    if (wantsSvg(raw, path)) return drawnAnswer(question, answering);
    const route = routeFor(method, path, question.parameters);
    return route === undefined ? notAnswered(path, method) : answers.answer(route, question);
  });

  return { app, direct };
}

function speaker({ caller, as }: Asked, answering: Answering): Speaker {
  return { caller, answering, as: (more) => as({ ...more, door: 'mcp' }) };
}

async function takeEvents({ request, caller, context }: Asked): Promise<Response> {
  const verb = await verbNamed('take-event');
  await caller?.must(verb.takes ?? 'operator');
  const given = await cloudEventsOf(request);
  for (const query of given) await mustMay(caller, verb, { context, query });
  return onceByKey(context, { request, body: given, caller: caller?.actor ?? context.actor }, async () => {
    const events: object[] = [];
    for (const one of given) events.push(await askUntyped(context, 'take-event', one, { signal: request.signal }));
    return new Response(documentOf({ events }), { status: 202, headers: json });
  });
}

function nothingThere(path: string): KarmaError {
  return new KarmaError('KARMA_NOT_FOUND', `there is nothing at ${path.slice(0, 200)}`, {
    hint: '/v1/openapi.json describes what there is',
  });
}

/** Paths that no route of a verb stands for. */
const besides: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['/healthz', '/readyz', ...metadataPaths, '/metrics', '/v1/openapi.json', '/v1/log/stream'].map((path) => [
      path,
      ['GET'],
    ]),
  ),
  '/v1/ask': ['POST'],
  '/v1/events': ['POST'],
  '/events': ['POST'],
  ...Object.fromEntries(Object.keys(hookPaths).map((path) => [path, ['POST']])),
};
const forms: ReadonlySet<string> = new Set([...routes.map(({ path }) => path), ...Object.keys(besides)]);

/** The path as a route has it, so that a thousand changes are one line of the metrics. */
function formOf(path: string): string | undefined {
  return forms.has(path) ? path : routes.find((route) => pathMembers(route, path) !== undefined)?.path;
}

/** A path that is there and is asked by another method says which. */
function notAnswered(path: string, method: string): Response {
  const here = routes.filter((route) => pathMembers(route, path) !== undefined).map((one) => one.method.toUpperCase());
  const allowed = [...new Set([...here, ...(besides[path] ?? [])])];
  if (allowed.length === 0) return problemResponse(nothingThere(path), path);
  const error = new KarmaError('KARMA_USAGE', `${path} is asked by ${allowed.join(' or ')}, not by ${method}`);
  return problemResponse(error, path, { status: 405, headers: { allow: allowed.join(', ') } });
}
