import { Hono } from 'hono';
import { compress } from 'hono/compress';
import type { IdentityIssuer } from '../../engine/access/grants.ts';
import type { Engine } from '../../engine/engine.ts';
import { askUntyped, verbNamed } from '../../engine/verbs/table.ts';
import { isKarmaError, KarmaError } from '../../model/errors.ts';
import { documentOf } from '../document.ts';
import type { WebFiles } from '../service/web-files.ts';
import { type Caller, mustMay, TokenAccess } from './access.ts';
import { agentDoor, type Speaker } from './agent-door.ts';
import { type Allowance, Allowances, type Remaining } from './allowance.ts';
import { type Answering, answerHere, longestUrl } from './answering.ts';
import { askByName } from './ask.ts';
import { cloudEventsOf } from './cloud-events.ts';
import { Denials } from './denials.ts';
import { eventStream } from './event-stream.ts';
import { EventTail } from './event-tail.ts';
import { type Loopback, mustBeLocal } from './guard.ts';
import { Counters } from './metrics.ts';
import { openApi } from './openapi.ts';
import { isPage, pageOf } from './pages.ts';
import { wantsSvg } from './picture-file.ts';
import { problemResponse } from './problem.ts';
import { challenge, metadataPaths, protectedResource } from './protected-resource.ts';
import { onceByKey } from './replays.ts';
import { type Asked, drawnAnswer, json, RouteAnswers } from './route-answers.ts';
import { pathMembers, routeFor, routes } from './routes.ts';
import { runLogStream } from './run-log-stream.ts';
import { eventStreamOf } from './server-sent-events.ts';
import { ToldEvents } from './told-events.ts';
import { type Trace, traceOf } from './trace.ts';
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

export interface RequestLine {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly milliseconds: number;
  /** The trace that it belongs to, where who asked named one. */
  readonly trace?: string;
}

/** Pages say that they are pages: who did something in a browser did it there. It is told to the ledger and opens nothing. */
function doorOf(request: Request): 'api' | 'ui' {
  return request.headers.get('karma-door') === 'ui' ? 'ui' : 'api';
}

/** What is known of a request on its way. */
interface Variables {
  readonly caller: Caller | undefined;
  readonly trace: Trace | undefined;
  readonly remaining: Remaining | undefined;
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
}: ApiOptions): Hono<{ Variables: Variables }> {
  const app = new Hono<{ Variables: Variables }>();
  const counters = new Counters();
  // What this face does by itself, for nobody who asks.
  const context = engine.as({ door: 'api' });
  const denials = new Denials(context, clock);
  const tokens = new TokenAccess(context, denials, issuer);
  const access = loopback === 'tokens' ? tokens : undefined;
  const allowances = allowance === undefined ? undefined : new Allowances(allowance, clock);
  const answers = new RouteAnswers(answering);
  const tail = new EventTail(context);
  const events = new ToldEvents();
  const asked = (call: {
    readonly var: Variables;
    readonly req: { readonly raw: Request; readonly url: string };
  }): Asked => {
    const { caller, trace } = call.var;
    const request = call.req.raw;
    const as: Asked['as'] = (more) =>
      engine.as({
        ...{ door: doorOf(request), trace: trace?.id, signal: request.signal },
        ...(caller === undefined ? {} : { actor: caller.actor, person: caller.person, mustIn: caller.mustIn }),
        ...more,
      });
    return { request, parameters: new URL(call.req.url).searchParams, caller, as, context: as({}) };
  };
  app.use(async (call, next) => {
    const began = clock();
    const trace = traceOf(call.req.raw, context.newId);
    call.set('trace', trace);
    await next();
    const milliseconds = clock() - began;
    const { method, path } = call.req;
    const { status, headers } = call.res;
    counters.count(formOf(path) ?? 'other', status, milliseconds);
    told?.({ method, path, status, milliseconds, ...(trace === undefined ? {} : { trace: trace.id }) });
    for (const [name, value] of Object.entries(safe)) if (!headers.has(name)) headers.set(name, value);
    if (trace !== undefined) headers.set('traceparent', trace.header);
    const { remaining } = call.var;
    if (remaining !== undefined && allowances !== undefined)
      for (const [name, value] of Object.entries(allowances.headers(remaining))) headers.set(name, value);
  });
  app.use(async (call, next) => {
    if (call.req.url.length > longestUrl) throw new KarmaError('KARMA_USAGE', 'the question is too long for a URL');
    const { raw, path } = call.req;
    const count = (who: string) => {
      const remaining = allowances?.take(who);
      call.set('remaining', remaining);
      if (remaining?.over === true) throw askedTooOften(remaining);
    };
    if (access !== undefined) {
      if (pageOf(raw, path, web) === undefined) {
        const caller = await access.callerOf(raw, path).catch((error: unknown) => {
          count('');
          throw error;
        });
        if (caller !== undefined) {
          call.set('caller', caller);
          count(caller.actor);
          await caller.must('viewer');
        } else if (Object.hasOwn(hookPaths, path)) count('a webhook');
      }
    } else {
      await localOnly(raw, path);
      // Nobody needs one here; whoever shows one asks as who it names, and may do what it may.
      const caller = raw.headers.has('authorization') ? await tokens.callerOf(raw, path) : undefined;
      if (caller !== undefined) call.set('caller', caller);
      count(caller?.actor ?? context.actor);
    }
    await next();
  });
  app.use(compress());
  app.onError((error, call) => {
    const isUnknown = isKarmaError(error) && error.code === 'KARMA_UNKNOWN_CALLER';
    const headers = isUnknown ? { 'www-authenticate': challenge(issuer, call.req.raw) } : {};
    return problemResponse(error, call.req.path, { headers });
  });
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

  async function localOnly(request: Request, path: string): Promise<void> {
    try {
      mustBeLocal(request, loopback as Loopback, { goesToPage: isPage(request, path) });
    } catch (error) {
      if (isKarmaError(error)) await denials.tell({ actor: '', path, reason: error.message });
      throw error;
    }
  }
  return app;
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

function askedTooOften({ seconds }: Remaining): KarmaError {
  return new KarmaError('KARMA_TOO_MANY', 'more requests than one caller may make in a while', {
    hint: `ask again in ${seconds} s; the RateLimit headers say how many are left`,
    details: { seconds },
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

/** What a browser may do with an answer: nothing but show it to this origin. */
const safe: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; img-src 'self' data:; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};
