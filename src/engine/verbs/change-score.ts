import { type ChangeScore, scoreOf, totalOf } from '../../change/score.ts';
import { count, object, text } from '../../config/shape-parts.ts';
import { outcomeOf } from '../applying/outcome-of.ts';
import { openChanges } from '../changing/opened-changes.ts';
import { defineVerb } from './verb.ts';

export interface ChangeScores {
  /** Applied changes of which something ran, the newest first. */
  readonly scores: readonly (ChangeScore & { readonly at: string })[];
  readonly total: ReturnType<typeof totalOf>;
}

export const changeScoreVerb = defineVerb({
  about:
    'What was predicted of applied changes against what their runs changed and the outputs that moved: by change, and by rule.',
  query: object('Which.', {
    id: text('A change; default: all that were applied.'),
    limit: count('How many of the newest; default 50.', 1, 1000),
  }),
  writes: 'nothing',
  run: async (context, { id, limit = 50 }): Promise<ChangeScores> => {
    const opened = await openChanges(context);
    const all = id === undefined ? (await opened.book.all()).toReversed() : [await opened.book.get(id)];
    const scores: (ChangeScore & { readonly at: string })[] = [];
    for (const change of all) {
      if (scores.length >= limit) break;
      if (change.apply?.committed !== true) continue;
      const outcome = await outcomeOf(context, opened, change);
      if (outcome !== undefined) scores.push({ ...scoreOf(outcome), at: change.apply.since });
    }
    return { scores, total: totalOf(scores) };
  },
});
