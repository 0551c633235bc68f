import { verbNamed } from '../../engine/verbs/table.ts';
import { KarmaError } from '../../model/errors.ts';
import type { Progress } from '../../model/progress.ts';
import { mustMay } from './access.ts';
import type { Answering, Question } from './answering.ts';
import { AskStream } from './ask-stream.ts';
import { readJson } from './body.ts';
import { onceByKey } from './replays.ts';
import type { Asked } from './route-answers.ts';
import { routes } from './routes.ts';

/**
 * What may be asked by name: what has a route of its own, and its forms as text. A verb is not open to everyone who can ask because
 * it is in the table: values of parameters, trust, tokens and runs are not.
 */
export const askable: ReadonlySet<string> = new Set([
  ...routes.map(({ verb }) => verb),
  ...['order-text', 'environment-diff', 'environment-matrix', 'environment-promote', 'environment-switch'],
  ...['environment-promote-propose', 'environment-switch-propose'],
]);

/**
 * `POST /v1/ask`: any verb by its name, with the query as it is. What the client and the command line from afar use: they ask as
 * if they stood beside the estate, so nothing is filled in. What the engine notes meanwhile comes with the answer; who takes a stream
 * of events hears of a question how far it is before that.
 */
export async function askByName(
  { request, context, caller, as }: Asked,
  answering: Answering,
  stream: (next: () => Promise<string | undefined>) => Response,
): Promise<Response> {
  const {
    verb,
    query = {},
    ...rest
  } = (await readJson(request)) as { readonly verb?: unknown; readonly query?: unknown };
  const [unknown] = Object.keys(rest);
  if (typeof verb !== 'string' || unknown !== undefined)
    throw new KarmaError(
      'KARMA_USAGE',
      unknown === undefined ? 'ask which verb?' : `unknown key ${JSON.stringify(unknown)}`,
      {
        hint: '{"verb": "show", "query": {"id": "prod/vpc/main"}}',
      },
    );
  if (!askable.has(verb)) {
    // A name that is none is told as such, with the nearest.
    await verbNamed(verb);
    throw new KarmaError('KARMA_NOT_FROM_AFAR', `\`${verb}\` is asked beside the estate, not of a service`, {
      hint: 'runs, values of parameters, trust and tokens are the business of who works on the estate itself',
    });
  }
  const known = await verbNamed(verb);
  await mustMay(caller, known, { context, query });
  const question: Question = { verb, query, form: { kind: 'named' } };
  if (known.writes === 'nothing') {
    if (request.headers.get('accept')?.includes('text/event-stream') !== true)
      return told({ request, context }, question, answering);
    const answer = (report: (progress: Progress) => void) =>
      answering(as({ report }), question, { signal: request.signal }).then(({ bytes }) => bytes);
    const coming = new AskStream(answer, new URL(request.url).pathname);
    return stream(() => coming.next());
  }
  const keyed = { request, body: { verb, query }, caller: caller?.actor ?? context.actor };
  return onceByKey(context, keyed, () => told({ request, context }, question, answering));
}

async function told(
  { request, context }: Pick<Asked, 'request' | 'context'>,
  question: Question,
  answering: Answering,
): Promise<Response> {
  const { bytes } = await answering(context, question, { signal: request.signal });
  return new Response(bytes, {
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  });
}
