import { rmSync, writeFileSync } from 'node:fs';
import { flag, object } from '../../config/shape-parts.ts';
import type { Clock } from '../../deploy/clock.ts';
import { type MemberPlan, planSet } from '../../deploy/plan.ts';
import type { SetMember } from '../../deploy/set.ts';
import { type ErrorCode, KarmaError } from '../../model/errors.ts';
import type { Plan } from '../../run/port.ts';
import type { EngineContext } from '../context.ts';
import { chosenOf, contractsOf, optionsOf, portsOf, prepare, tidy } from '../deploying/deploy.ts';
import type { DeployFacts } from '../deploying/deploy-facts.ts';
import { type PlanShown, planFileText } from '../deploying/plan-file.ts';
import type { Commanded, DeployFace, DeployQuery, PlanAnswer } from '../deploying/query.ts';
import { sweepLeftovers } from '../deploying/resume.ts';
import { stampOf } from '../view/view.ts';
import { running } from './deploy.ts';
import { defineVerb, faceOf } from './verb.ts';

/** What a deploy would do, in order. Takes no lease and changes nothing. */
export async function planDeploy(context: EngineContext, query: DeployQuery, face: DeployFace): Promise<PlanAnswer> {
  const prepared = await prepare(context, query);
  const { facts, id, clock } = prepared;
  const begun = clock.monotonic();
  try {
    const chosen = await chosenOf(facts, query);
    const ports = portsOf(prepared, face, { action: 'apply', ...contractsOf(facts) });
    await sweepLeftovers(facts);
    const plans = await planSet({ id, components: chosen.members }, ports, {
      ...optionsOf(facts, query, face, new Set()),
      keepPlans: query.out !== undefined,
    });
    if (query.out !== undefined) keepPlans(facts, query.out, { plans, members: chosen.members, context, clock });
    const { asTheyAre } = facts.folders;
    const seconds = (clock.monotonic() - begun) / 1000;
    return { view: stampOf(facts.view), plans, notRun: chosen.notRun, asTheyAre, seconds };
  } finally {
    tidy(prepared);
  }
}

interface Keeping {
  readonly plans: PlanAnswer['plans'];
  readonly members: readonly SetMember[];
  readonly context: EngineContext;
  readonly clock: Clock;
}

/** It holds values in clear, as Terraform's own plan files do. */
function keepPlans({ view, seal }: DeployFacts, file: string, { plans, members, context, clock }: Keeping): void {
  const about = { label: view.label, madeAt: clock.now(), madeBy: context.actor };
  try {
    rmSync(file, { force: true });
    writeFileSync(file, planFileText({ plans, members, ...about }, seal), { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    throw new KarmaError('KARMA_DATA_UNWRITABLE', `${file} cannot be written`, { hint: 'name another file', cause });
  }
}

/** A plan as it is told: without its file, its secrets and its values; what is shown is what it would do. */
export type ShownPlan =
  | Exclude<MemberPlan, { readonly state: 'planned' | 'failed' | 'discarded' }>
  | (Omit<Extract<MemberPlan, { readonly state: 'planned' }>, 'plan' | 'kept'> & {
      readonly plan: PlanShown & Pick<Plan, 'digest' | 'anyChange'>;
    })
  | {
      readonly key: string;
      readonly state: 'failed' | 'discarded';
      readonly reason: string;
      readonly error?: ShownError;
    };

interface ShownError {
  readonly name: string;
  readonly code: ErrorCode;
  readonly hint?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface ShownPlans extends Omit<PlanAnswer, 'plans'> {
  readonly plans: readonly (ShownPlan & Commanded)[];
}

function shown(plan: MemberPlan): ShownPlan {
  if (plan.state === 'planned') {
    const { changes, resources, outputChanges, drifted, anyChange, unknownOutputs, droppedOutputs, digest } = plan.plan;
    const { key, state, notes, decision } = plan;
    return {
      key,
      state,
      notes,
      decision,
      plan: {
        ...{ digest, changes, resources },
        ...(outputChanges === undefined ? {} : { outputChanges }),
        ...{ drifted, anyChange, unknownOutputs, droppedOutputs },
      },
    };
  }
  if (plan.state === 'skipped' || plan.state === 'waiting') return plan;
  const { error, ...rest } = plan;
  if (error === undefined) return rest;
  const { name, code, hint, details } = error;
  return {
    ...rest,
    error: { code, ...(hint === undefined ? {} : { hint }), ...(details === undefined ? {} : { details }), name },
  };
}

export function shownPlans(answer: PlanAnswer): ShownPlans {
  return { ...answer, plans: answer.plans.map(shown) };
}

export const planVerb = defineVerb({
  about: 'What Terraform would do, component by component, in order. Takes no lease and changes nothing.',
  query: object('What, and how.', { ...running, cutoff: flag('Skip what provably need not run; default true.') }),
  writes: 'nothing',
  run: async (context, { select: selection = [], all = false, ...rest }, call): Promise<ShownPlans> => {
    const out = call.here?.keepPlan;
    const query = { selection, all, ...rest, ...(out === undefined ? {} : { out }) };
    return shownPlans(await planDeploy(context, query, faceOf(call)));
  },
});
