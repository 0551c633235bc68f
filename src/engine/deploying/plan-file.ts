import type { MemberPlan } from '../../deploy/plan.ts';
import type { PlannedBefore, SetMember } from '../../deploy/set.ts';
import { digestOf } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import { deploymentKey, type Seal, type StateMark } from '../../model/record.ts';
import { readAtMost } from '../../observe/bounded-read.ts';
import type { Plan } from '../../run/port.ts';

/**
 * A plan of several components as one file, so that exactly what was reviewed is applied. It holds what Terraform's own plan files
 * hold, values in clear among them: it is for its owner alone, and sealed under the estate's key, so that an edited one is refused.
 */
interface PlanFile {
  readonly format: 'karma-plan 1';
  readonly madeAt: string;
  readonly madeBy: string;
  readonly label: string;
  readonly members: readonly FiledMember[];
  readonly notPlanned: readonly { readonly component: string; readonly reason: string }[];
}

interface FiledMember {
  readonly member: SetMember;
  /** Undefined: to be skipped, with proof. */
  readonly plan?: {
    readonly bytes: string;
    readonly digest: string;
    readonly anyChange: boolean;
    readonly shown: PlanShown;
  };
  readonly inputs: string;
  readonly state?: StateMark | undefined;
}

/** What a reviewer is shown of a plan. */
export type PlanShown = Pick<
  Plan,
  'changes' | 'resources' | 'outputChanges' | 'unknownOutputs' | 'droppedOutputs' | 'drifted'
>;

/** A plan that was kept, ready to be asked about and applied. */
export interface ReadPlanFile {
  readonly madeAt: string;
  readonly madeBy: string;
  readonly label: string;
  readonly members: readonly SetMember[];
  readonly planned: ReadonlyMap<string, PlannedBefore>;
  readonly shown: ReadonlyMap<string, PlanShown>;
  readonly notPlanned: PlanFile['notPlanned'];
}

export interface PlanToKeep {
  readonly plans: readonly MemberPlan[];
  readonly members: readonly SetMember[];
  readonly label: string;
  readonly madeAt: string;
  readonly madeBy: string;
}

export function planFileText({ plans, members, label, madeAt, madeBy }: PlanToKeep, seal: Seal): string {
  const byKey = new Map(members.map((one) => [deploymentKey(one.component, one.deployment), one]));
  const filed: FiledMember[] = [];
  const notPlanned: { component: string; reason: string }[] = [];
  for (const plan of plans) {
    const member = byKey.get(plan.key);
    if (member === undefined) continue;
    if (plan.state === 'planned' && plan.kept?.plan !== undefined) {
      const { bytes, digest, anyChange } = plan.kept.plan;
      const shown = shownOf(plan.plan);
      const kept = { bytes: Buffer.from(bytes).toString('base64'), digest, anyChange, shown };
      filed.push({ member, plan: kept, inputs: plan.kept.inputs, state: plan.kept.state });
    } else if (plan.state === 'skipped') filed.push({ member, inputs: '' });
    else if (plan.state !== 'planned') notPlanned.push({ component: plan.key, reason: whyNot(plan) });
  }
  const content: PlanFile = { format: 'karma-plan 1', madeAt, madeBy, label, members: filed, notPlanned };
  return `${JSON.stringify({ seal: seal(digestOf(content)), ...content })}\n`;
}

function shownOf(plan: Plan): PlanShown {
  const { changes, resources, outputChanges = [], unknownOutputs, droppedOutputs, drifted } = plan;
  return { changes, resources, outputChanges, unknownOutputs, droppedOutputs, drifted };
}

function whyNot(plan: Exclude<MemberPlan, { readonly state: 'planned' | 'skipped' }>): string {
  return plan.state === 'waiting' ? `waits for ${plan.unknown.slice(0, 3).join(', ')}` : plan.reason;
}

/** @throws KARMA_INPUT_INVALID for what is no such file, KARMA_REFUSED for one that was edited */
export function readPlanFile(file: string, seal: Seal): ReadPlanFile {
  const { seal: said, ...content } = contentOf(file);
  if (said !== seal(digestOf(content)))
    throw new KarmaError('KARMA_REFUSED', `${file} was edited, or was made under another key of the estate`, {
      hint: 'plan again: `karma plan … --out FILE`',
    });
  const { madeAt, madeBy, label, members, notPlanned } = content;
  const planned = new Map<string, PlannedBefore>();
  const shown = new Map<string, PlanShown>();
  for (const { member, plan, inputs, state } of members) {
    const key = deploymentKey(member.component, member.deployment);
    const kept =
      plan === undefined
        ? {}
        : { plan: { bytes: Buffer.from(plan.bytes, 'base64'), digest: plan.digest, anyChange: plan.anyChange } };
    planned.set(key, { ...kept, inputs, state });
    if (plan !== undefined) shown.set(key, plan.shown);
  }
  return { madeAt, madeBy, label, members: members.map(({ member }) => member), planned, shown, notPlanned };
}

/** Terraform's own plans of many components; what is more was not written by `plan`. In bytes. */
const largestFile = 256 * 1024 * 1024;

function contentOf(file: string): PlanFile & { readonly seal?: string } {
  let content: unknown;
  try {
    content = JSON.parse(String(readAtMost(file, largestFile) ?? ''));
  } catch (cause) {
    throw new KarmaError('KARMA_INPUT_INVALID', `${file} cannot be read as a plan`, {
      hint: 'give what `karma plan … --out FILE` wrote',
      cause,
    });
  }
  if (content === null || typeof content !== 'object' || !('format' in content) || content.format !== 'karma-plan 1')
    throw new KarmaError('KARMA_INPUT_INVALID', `${file} is no plan of Karma's`, {
      hint: 'give what `karma plan … --out FILE` wrote',
    });
  return content as PlanFile & { readonly seal?: string };
}
