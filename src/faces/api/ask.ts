import type { EngineContext } from '../../engine/context.ts';
import { askUntyped, verbNamed } from '../../engine/verbs/table.ts';
import { withoutDamage } from '../../engine/without-damage.ts';
import { KarmaError } from '../../model/errors.ts';
import { documentOf } from '../document.ts';
import { mustMay } from './access.ts';
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
  ...['order-text', 'environment-diff', 'environment-matrix'],
]);

/**
 * `POST /v1/ask`: any verb by its name, with the query as it is. What the client and the command line from afar use: they ask as
 * if they stood beside the estate, so nothing is filled in. What the engine notes meanwhile comes with the answer.
 */
export async function askByName({ request, context, caller }: Asked): Promise<Response> {
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
  if (known.writes === 'nothing') return told({ request, context }, verb, query);
  const keyed = { request, body: { verb, query }, caller: caller?.actor ?? context.actor };
  return onceByKey(context, keyed, () => told({ request, context }, verb, query));
}

async function told(
  { request, context }: Pick<Asked, 'request' | 'context'>,
  verb: string,
  query: unknown,
): Promise<Response> {
  const notes: string[] = [];
  const report: EngineContext['report'] = (progress) => {
    if (progress.kind === 'note') notes.push(progress.text);
  };
  const own = { ...context, report };
  const answer = await withoutDamage(own, () => askUntyped(own, verb, query, { signal: request.signal }));
  return new Response(documentOf({ verb, answer, notes }), {
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  });
}
