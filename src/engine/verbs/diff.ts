import { object, text } from '../../config/shape-parts.ts';
import { environmentsOf } from '../../graph/deployments.ts';
import { diffEnvironments, diff as diffOf, type GraphDiff } from '../../graph/operations/diff.ts';
import { KarmaError } from '../../model/errors.ts';
import { shellWord } from '../../model/quote.ts';
import type { EngineContext } from '../context.ts';
import { renamesBetween } from '../range/renames.ts';
import { loadView } from '../view/load-view.ts';
import { stampOf, type ViewStamp } from '../view/view.ts';
import { defineVerb } from './verb.ts';

export { inDeployments } from '../../graph/deployments.ts';

export interface DiffAnswer {
  readonly before: ViewStamp;
  readonly after: ViewStamp;
  readonly diff: GraphDiff;
}

/** `A..B`, `A..` (to the work tree); revisions, times and versions may be mixed. */
export async function diff(context: EngineContext, range: string): Promise<DiffAnswer> {
  const [from, to] = endsOf(range);
  const before = await loadView(context, from);
  const after = await loadView(context, to === '' ? undefined : to);
  const renames = await renamesBetween(context, before, after);
  return { before: stampOf(before), after: stampOf(after), diff: diffOf(before.graph, after.graph, { renames }) };
}

/** `dev..prod`: the same object in two places, nicknames compared and environments left out. */
export async function diffOfEnvironments(context: EngineContext, range: string): Promise<DiffAnswer> {
  const [first, second] = endsOf(range);
  const view = await loadView(context, undefined);
  const known = new Set([...view.graph.ids.keys()].map((node) => view.graph.component(node).environment));
  const deployments = new Set([...view.graph.ids.keys()].flatMap((node) => environmentsOf(view.graph.component(node))));
  for (const environment of [first, second])
    if (!known.has(environment) && deployments.has(environment))
      throw new KarmaError(
        'KARMA_NOT_FOUND',
        `\`${environment}\` is a deployment of root modules, no environment by path`,
        {
          hint: `\`karma env diff ${shellWord(first)} ${shellWord(second)}\` compares deployments, too`,
        },
      );
    else if (!known.has(environment))
      throw new KarmaError('KARMA_NOT_FOUND', `there is no environment \`${environment}\``, {
        hint: `there are: ${[...known]
          .filter((one) => one !== '')
          .sort()
          .join(', ')}`,
      });
  return {
    before: stampOf(view),
    after: stampOf(view),
    diff: diffEnvironments({ graph: view.graph, environment: first }, { graph: view.graph, environment: second }),
  };
}

export function endsOf(range: string): [from: string, to: string] {
  const cut = range.indexOf('..');
  const from = range.slice(0, cut);
  if (cut <= 0 || range.includes('...'))
    throw new KarmaError('KARMA_USAGE', `\`${range}\` is no range`, {
      hint:
        range.includes('.') || range === ''
          ? 'write A..B, or A.. for the work tree'
          : `write ${range}.. to compare with the work tree, or A..B`,
    });
  return [from, range.slice(cut + 2)];
}

export const diffVerb = defineVerb({
  about: 'What differs between two revisions, versions or times.',
  query: object('Between which.', { range: text('`A..B`, or `A..` to the work tree.') }, 'range'),
  writes: 'nothing',
  run: (context, { range }) => diff(context, range),
});

export const diffEnvironmentsVerb = defineVerb({
  about: 'What differs between two environments, their components matched by name.',
  query: object('Between which.', { range: text('`dev..prod`.') }, 'range'),
  writes: 'nothing',
  run: (context, { range }) => diffOfEnvironments(context, range),
});
