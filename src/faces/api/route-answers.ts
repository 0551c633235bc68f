import type { EngineContext } from '../../engine/context.ts';
import type { Asker } from '../../engine/engine.ts';
import { verbNamed } from '../../engine/verbs/table.ts';
import { type Caller, mustMay } from './access.ts';
import type { Answering, Form, Question } from './answering.ts';
import { readJson } from './body.ts';
import { pictureFile } from './picture-file.ts';
import { queryOf } from './query-of.ts';
import { onceByKey } from './replays.ts';
import type { Requested } from './requested.ts';
import { answerOf, type ResidentAnswer, ResidentAnswers } from './resident-answers.ts';
import { pathMembers, type Route } from './routes.ts';
import { responseOf, type Told } from './told.ts';
import { asOf, contentTag, isAsItWas, mustMatch, unchanged, versionTag } from './version-tag.ts';

/** A request, who makes it, and the estate as it is theirs. */
export interface Asked<From extends Requested = Request> {
  readonly request: From;
  readonly parameters: URLSearchParams;
  readonly caller: Caller | undefined;
  readonly context: EngineContext;
  /** The same, told as it comes along, or asked through another door. */
  readonly as: (more: Partial<Asker>) => EngineContext;
}

export const json = { 'content-type': 'application/json; charset=utf-8' };

/** What the routes of verbs answer. */
export class RouteAnswers {
  readonly #kept = new ResidentAnswers();
  readonly #answering: Answering;

  constructor(answering: Answering) {
    this.#answering = answering;
  }

  async answer(route: Route, asked: Asked): Promise<Response> {
    const { context, request, parameters, caller } = asked;
    const verb = await verbNamed(route.verb);
    const hasBody = route.method === 'post' && request.headers.get('content-type') !== null;
    // Before who may is known, nothing is read that somebody sends.
    if (verb.writes !== 'nothing') await caller?.must(verb.takes ?? 'operator');
    const query: Record<string, unknown> = {
      ...(hasBody ? await readJson(request) : queryOf(verb.query, route.from?.(parameters) ?? parameters)),
      ...pathMembers(route, new URL(request.url).pathname),
    };
    await mustMay(caller, verb, { context, query });
    if (request.headers.has('if-match')) await mustMatch(request, context);
    if (route.method === 'get') return responseOf(await this.#question(route, asked, query));
    const answer = async () => {
      const question: Question = { verb: route.verb, query, form: { kind: 'document' } };
      const { bytes } = await this.#answering(context, question, { signal: request.signal });
      return new Response(bytes, { headers: json, status: route.status ?? 200 });
    };
    if (verb.writes === 'nothing') return answer();
    return onceByKey(context, { request, body: query, caller: caller?.actor ?? context.actor }, answer);
  }

  /** The same of a question that is all in its line. */
  async question(route: Route, asked: Asked<Requested>): Promise<Told> {
    const { context, request, parameters, caller } = asked;
    const verb = await verbNamed(route.verb);
    const query = queryOf(verb.query, route.from?.(parameters) ?? parameters);
    await mustMay(caller, verb, { context, query });
    if (request.headers.has('if-match')) await mustMatch(request, context);
    return this.#question(route, asked, query);
  }

  async #question(route: Route, { context, request }: Asked<Requested>, query: Record<string, unknown>): Promise<Told> {
    const version = route.ofGraph === true || route.newest === true ? await asOf(context, query) : undefined;
    const tag = route.ofGraph === true && version !== undefined ? versionTag(version, context.version) : undefined;
    const headers = { ...json, ...(version === undefined ? {} : { 'karma-version': `v${version.version}` }) };
    if (tag !== undefined && isAsItWas(request, tag)) return unchanged(tag, headers);
    const name = `${tag ?? ''} ${route.verb} ${JSON.stringify(query)}`;
    const before = tag === undefined ? undefined : this.#kept.find(name);
    if (before !== undefined && tag !== undefined) return ready(request, before, { ...headers, etag: tag });
    const form: Form = { kind: route.path === '/v1' ? 'entrance' : 'document' };
    const question: Question = { verb: route.verb, query, form };
    const made = await this.#answering(context, question, { signal: request.signal, newest: version });
    if (tag !== undefined) return ready(request, this.#kept.keep(name, made.bytes), { ...headers, etag: tag });
    const etag = contentTag(made);
    return isAsItWas(request, etag)
      ? unchanged(etag, headers)
      : ready(request, answerOf(made.bytes), { ...headers, etag });
  }
}

/** Below this a packet is a packet. */
const worthZipping = 1024;

async function ready(
  request: Requested,
  { bytes, zipped }: ResidentAnswer,
  headers: Readonly<Record<string, string>>,
): Promise<Told> {
  if (bytes.length < worthZipping || !takesGzip(request))
    return { status: 200, headers: { ...headers, vary }, body: bytes };
  // In another form it is the same answer, byte for byte another one.
  const weak = { etag: `W/${headers['etag']}`, 'content-encoding': 'gzip', vary };
  return { status: 200, headers: { ...headers, ...weak }, body: await zipped() };
}

const vary = 'accept-encoding';

function takesGzip(request: Requested): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(request.headers.get('accept-encoding') ?? '');
}

/** What `/v1/graph` describes, as an image. */
export async function drawnAnswer({ context, request, parameters }: Asked, answering: Answering): Promise<Response> {
  const { query: shape } = await verbNamed('draw');
  const query = { ...queryOf(shape, parameters), format: 'svg' };
  const version = parameters.has('since') ? undefined : await asOf(context, query);
  const question: Question = { verb: 'draw', query, form: { kind: 'document' } };
  const { bytes } = await answering(context, question, { signal: request.signal });
  const file = pictureFile(JSON.parse(new TextDecoder().decode(bytes)) as object);
  const headers = {
    etag: contentTag(file.body),
    ...(version === undefined ? {} : { 'karma-version': `v${version.version}` }),
  };
  if (isAsItWas(request, headers.etag)) return responseOf(unchanged(headers.etag, headers));
  return new Response(file.body, { headers: { ...file.headers, ...headers } });
}
