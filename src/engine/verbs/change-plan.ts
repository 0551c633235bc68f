import type { Change } from '../../change/change.ts';
import { isOpen } from '../../change/states.ts';
import { count, flag, object, text } from '../../config/shape-parts.ts';
import { KarmaError } from '../../model/errors.ts';
import type { Door } from '../../model/event.ts';
import { deploymentKey } from '../../model/record.ts';
import { whyNotAt } from '../../observe/git/followed-branch.ts';
import { neverDeployed, partsOf } from '../applying/ahead.ts';
import { environmentsTouched, mustStillConcern } from '../changing/environments-touched.ts';
import { keepPlan, readKeptPlan } from '../changing/kept-plan.ts';
import { type OpenedChanges, openChanges, viewAt } from '../changing/opened-changes.ts';
import { mustBeSeen } from '../changing/seen.ts';
import { bringUpToDate } from '../changing/told-change.ts';
import type { EngineContext } from '../context.ts';
import { leftByRuns } from '../deploying/folders.ts';
import { askedBy, type RunRequest } from '../requests/run-request.ts';
import { writeRequest } from '../requests/write-request.ts';
import { planDeploy, type ShownPlans, shownPlans } from './plan.ts';
import { defineVerb, faceOf } from './verb.ts';

const id = text('A change: `cr-118`, or `118`.');
const revision = count('Only this revision.', 1, 1_000_000);

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
      id,
      revision,
      parallelism: count('How many at once; default: one a core.', 1, 10_000),
      cutoff: flag('Skip what provably need not run; default true.'),
    },
    'id',
  ),
  writes: 'ledger',
  run: async (context, { id, revision, parallelism, cutoff }, call): Promise<PlannedChange> => {
    const opened = await openChanges(context, { completes: true });
    const told = await bringUpToDate(context, opened, id, { keeps: true });
    const { change, simulation } = told;
    mustBeSeen(told, revision === undefined ? {} : { revision });
    const beside = partsOf(simulation).run;
    const elsewhere = await unitsElsewhere(context, opened, simulation.head, beside);
    const idle = new Map([...(await neverDeployed(context, simulation)), ...elsewhere]);
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
    const of = { revision: change.revision, head: simulation.head, on: opened.followed.commit };
    const by = { by: context.actor, door: context.door, at: context.now() };
    const kept: KeptPlan = { ...plans, ...of, ...by };
    await keepPlan(context, change.id, kept);
    const failed = plans.plans.some(({ state }) => state === 'failed');
    const isReady = change.state === 'simulated' || change.state === 'planned';
    // Where nothing could be planned, nothing was.
    const isPlanned = plans.plans.length > 0 || elsewhere.size === 0;
    if (isReady && !failed && isPlanned) {
      const { actor, door, now } = context;
      const counts: Record<string, number> = {};
      for (const { state } of plans.plans) counts[state] = (counts[state] ?? 0) + 1;
      await opened.book.step(change.id, (is) =>
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

/**
 * Units, which Terragrunt runs in the work tree: caches and states lie there, and what a change holds is checked out nowhere yet. They
 * are left out of its plan, and told with why; where somebody checked that very commit out they are planned.
 */
async function unitsElsewhere(
  context: EngineContext,
  opened: OpenedChanges,
  head: string,
  run: ReadonlyMap<string, unknown>,
): Promise<ReadonlyMap<string, string>> {
  const { graph } = await viewAt(context, opened, head);
  const units = [...run.keys()].filter((id) => {
    const node = graph.node(id);
    return node !== undefined && graph.component(node).layout === 'terragrunt';
  });
  if (units.length === 0) return new Map();
  const { repository } = opened;
  const why = repository.bare
    ? 'nothing is checked out here'
    : await whyNotAt(repository, head, (path) => leftByRuns.test(path));
  if (why === undefined) return new Map();
  const reason = `is run by Terragrunt in the work tree, and ${why}: it is planned when it is applied`;
  return new Map(units.map((id) => [deploymentKey(id, ''), reason]));
}

/** What Terraform said that it would do for a change, when that was asked last. No plan file: nothing can be applied from it. */
export interface KeptPlan extends ShownPlans {
  /** What was planned: a revision of the change, laid over the followed ref as it stood. */
  readonly revision: number;
  readonly head: string;
  readonly on: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by: string;
  readonly door: Door;
}

export interface KeptPlanAnswer {
  readonly change: string;
  /** That the change is at now. */
  readonly revision: number;
  /** Left out where nobody planned it. */
  readonly plan?: KeptPlan;
  /** Why it is not a plan of what the change is now. */
  readonly outdated?: string;
}

export const changePlanKeptVerb = defineVerb({
  about: 'What Terraform said that it would do for a change, when it was planned last. Runs nothing.',
  query: object('Which.', { id }, 'id'),
  writes: 'nothing',
  run: async (context, { id }): Promise<KeptPlanAnswer> => {
    const { book, followed } = await openChanges(context);
    const change = await book.get(id);
    const plan = (await readKeptPlan(await context.stores.ledger(), change.id)) as KeptPlan | undefined;
    const outdated = plan === undefined ? undefined : outdatedBecause(change, plan, followed.commit);
    return {
      ...{ change: change.id, revision: change.revision },
      ...(plan === undefined ? {} : { plan }),
      ...(outdated === undefined ? {} : { outdated }),
    };
  },
});

function outdatedBecause(change: Change, plan: KeptPlan, followed: string): string | undefined {
  if (plan.revision !== change.revision)
    return `revision ${plan.revision} was planned, and the change is at revision ${change.revision}`;
  if (change.apply?.committed === true) return 'the change is part of the followed ref since';
  if (!isOpen(change.state) || plan.on === followed) return undefined;
  return `the followed ref stood at ${plan.on.slice(0, 12)}, and stands at ${followed.slice(0, 12)} now`;
}

export const changePlanAskVerb = defineVerb({
  about: 'Asks for a change to be planned; whichever worker comes first does it. Changes nothing that runs.',
  query: object('Which.', { id, revision }, 'id'),
  // A plan runs the programs of the estate, with what they may do there.
  writes: 'infrastructure',
  concerns: environmentsTouched,
  run: async (context, { id, ...seen }): Promise<{ readonly request: RunRequest; readonly change: Change }> => {
    const opened = await openChanges(context);
    const told = await bringUpToDate(context, opened, id);
    mustBeSeen(told, seen);
    const { change, simulation } = told;
    await mustStillConcern(context, 'operator', opened, simulation);
    if (!isOpen(change.state) || change.apply?.committed === true)
      throw new KarmaError('KARMA_REFUSED', `${change.id} is ${change.state}: nothing of it is left to be planned`, {
        hint: `\`karma change show ${change.id}\` says what became of it`,
      });
    const { request } = await writeRequest(
      context,
      {
        request: {
          ...askedBy(context),
          ...{ action: 'plan', of: change.id, revision: change.revision, select: [], all: false },
          ...{ commit: simulation.head, environments: (await environmentsTouched(context, { id })) ?? [''] },
        },
        revision: 0,
      },
      'asked',
    );
    return { request, change };
  },
});
