import { type ChangeScore, scoreOf, totalOf } from '../../change/score.ts';
import { count, flag, object, text } from '../../config/shape-parts.ts';
import { neverDeployed, partsOf } from '../applying/ahead.ts';
import { outcomeOf } from '../applying/outcome-of.ts';
import { openGround } from '../changing/change-ground.ts';
import { bringUpToDate } from '../changing/told-change.ts';
import { planDeploy, type ShownPlans, shownPlans } from './plan.ts';
import { defineVerb, faceOf } from './verb.ts';

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
    const ground = await openGround(context);
    const all = id === undefined ? (await ground.book.all()).toReversed() : [await ground.book.get(id)];
    const scores: (ChangeScore & { readonly at: string })[] = [];
    for (const change of all) {
      if (scores.length >= limit) break;
      if (change.apply?.committed !== true) continue;
      const outcome = await outcomeOf(context, ground, change);
      if (outcome !== undefined) scores.push({ ...scoreOf(outcome), at: change.apply.since });
    }
    return { scores, total: totalOf(scores) };
  },
});

export interface PlannedChange extends ShownPlans {
  readonly change: string;
  readonly revision: number;
}

export const changePlanVerb = defineVerb({
  about:
    'What Terraform would do for a change, in order; what waits for values that are not known yet is deferred, with what it waits for.',
  query: object(
    'Which.',
    {
      id: text('A change: `cr-118`, or `118`.'),
      parallelism: count('How many at once; default: one a core.', 1, 10_000),
      cutoff: flag('Skip what provably need not run; default true.'),
    },
    'id',
  ),
  writes: 'ledger',
  run: async (context, { id, parallelism, cutoff }, call): Promise<PlannedChange> => {
    const ground = await openGround(context, { completes: true });
    const { change, simulation } = await bringUpToDate(context, ground, id, { keeps: true });
    const beside = partsOf(simulation).run;
    const idle = await neverDeployed(context, simulation);
    const answer = await planDeploy(
      context,
      {
        ...{ selection: [], all: false, beside, idle, at: simulation.head },
        ...(parallelism === undefined ? {} : { parallelism }),
        ...(cutoff === undefined ? {} : { cutoff }),
      },
      faceOf(call),
    );
    const plans = shownPlans(answer);
    const failed = plans.plans.some(({ state }) => state === 'failed');
    const isReady = change.state === 'simulated' || change.state === 'planned';
    if (isReady && !failed) {
      const { actor, door, now } = context;
      const counts: Record<string, number> = {};
      for (const { state } of plans.plans) counts[state] = (counts[state] ?? 0) + 1;
      await ground.book.step(change.id, (is) =>
        is.head === change.head && (is.state === 'simulated' || is.state === 'planned')
          ? {
              action: 'change.planned',
              ...{ actor, door, outcome: 'ok', at: now() },
              details: { revision: is.revision, plans: counts },
            }
          : undefined,
      );
    }
    return { ...plans, change: change.id, revision: change.revision };
  },
});
