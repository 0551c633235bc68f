import { object, text } from '../../config/shape-parts.ts';
import { findOne } from '../../graph/operations/find.ts';
import { type Why, why as whyOf } from '../../graph/operations/why.ts';
import { KarmaError } from '../../model/errors.ts';
import { shellWord } from '../../model/quote.ts';
import type { EngineContext } from '../context.ts';
import { loadView } from '../view/load-view.ts';
import { type Proved, provedDependencies } from '../view/proved.ts';
import { readersOf, stampOf, type ViewStamp, workingDirectoryOf } from '../view/view.ts';
import { at, defineVerb } from './verb.ts';

export type { WhyStep } from '../../graph/operations/why.ts';

/** A path that is shown is proven; that there is none is only as good as what could be read. */
export interface WhyAnswer extends Why, Partial<Proved> {
  readonly view: ViewStamp;
}

/** The evidence and path between two components. */
export async function why(context: EngineContext, from: string, to: string, at?: string): Promise<WhyAnswer> {
  const view = await loadView(context, at);
  const options = { workingDirectory: workingDirectoryOf(view), readersOf: readersOf(view) };
  const { graph } = view;
  const ends = [findOne(graph, from, options), findOne(graph, to, options)] as const;
  if (ends[0] === ends[1])
    throw new KarmaError('KARMA_USAGE', `both names are those of ${graph.id(ends[0])}`, {
      hint: `name another one, or ask for the causes of how it is: \`karma why ${shellWord(graph.id(ends[0]))}\``,
    });
  const found = whyOf(graph, ...ends);
  return { view: stampOf(view), ...found, ...(found.relation === 'none' ? provedDependencies(view, ends) : {}) };
}

export const whyVerb = defineVerb({
  about: 'The evidence and path between two components.',
  query: object('Between which.', { from: text('A component.'), to: text('Another.'), at }, 'from', 'to'),
  writes: 'nothing',
  isSmall: true,
  run: (context, { from, to, at: when }) => why(context, from, to, when),
});
