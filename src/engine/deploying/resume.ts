import { interruptedDeploys, type Settled, settleDeploy } from '../../deploy/resume.ts';
import type { DeployPorts, SetMember } from '../../deploy/set.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { deploymentKey } from '../../model/record.ts';
import { readMark } from '../../run/job-files.ts';
import { fileNameOf } from '../../run/workplace.ts';
import type { DeployFacts } from './deploy-facts.ts';
import { sweepCheckouts } from './folders.ts';
import type { DeployFace, DeployQuery, Resumed } from './query.ts';

export interface ResumedSet {
  /** What is run now, what was left of interrupted deploys included. Sorted by key. */
  readonly members: readonly SetMember[];
  readonly alreadyDone: ReadonlySet<string>;
  readonly told: readonly Resumed[];
}

export interface ResumeOptions {
  readonly action: 'apply' | 'destroy';
  readonly members: readonly SetMember[];
  readonly face: DeployFace;
  readonly query: DeployQuery;
}

/**
 * After a Karma that was killed: settles its deploys in the environments that are deployed to now. What was left of them and is
 * selected now goes on; what is not selected is asked for by itself, for who agreed to the selection did not agree to that. What
 * it had finished is not forced to run again; cutoff decides.
 *
 * @throws KARMA_LOCK_HELD while such a deploy is alive
 */
export async function resumeInterrupted(
  facts: DeployFacts,
  ports: DeployPorts,
  { action, members, face, query }: ResumeOptions,
): Promise<ResumedSet> {
  const environments = new Set(members.map(({ environment }) => environment));
  const interrupted = await interruptedDeploys(facts.ledger, (deploy) => isGoingOn(facts, deploy));
  const taken = new Map(members.map((one) => [keyOf(one), one]));
  const told: Resumed[] = [];
  const alreadyDone = new Set<string>();
  for (const one of interrupted) {
    const { deploy, done, inFlight, notStarted } = one;
    const ours = deploy.environments.some((name) => environments.has(name));
    // Alive: its lease says so to whoever wants the same environment. One that only stands still loses it to whoever takes over.
    if (one.heldBy !== undefined && !(ours && query.takeOver === true)) continue;
    const { actor, startedAt } = deploy;
    const about = {
      ...{ deploy: deploy.id, action: deploy.action, actor, startedAt },
      ...{ environments: deploy.environments, done, inFlight, notStarted, left: [] },
    };
    if (!ours) {
      told.push({ ...about, programs: [], outcome: 'told' });
      continue;
    }
    const settled = await settleDeploy(one, ports, {
      living: 'wait',
      markOf: readMark,
      runner: facts.tools.terraform(),
      control: {
        signal: face.stopNow,
        listen: (progress) =>
          face.listen({ kind: 'progress', key: inFlight[0] ?? deploy.id, run: deploy.id, progress }),
      },
      options: query.takeOver === undefined ? {} : { takeOver: query.takeOver },
    });
    for (const { key } of settled.programs) await refresh(facts, deploy.members, key);
    if (deploy.action !== action) {
      told.push({ ...about, programs: settled.programs, outcome: 'settled' });
      continue;
    }
    const rest = restOf(facts, taken, settled);
    const agreed = rest.length > 0 && (await face.confirmRest?.({ action, actor, startedAt, members: rest })) === true;
    if (agreed) for (const member of rest) taken.set(keyOf(member), member);
    for (const member of settled.set.components) goOnWith(taken, member, settled.alreadyDone);
    if (query.cutoff === false)
      for (const key of settled.alreadyDone) if (taken.get(key)?.selected !== true) alreadyDone.add(key);
    const left = agreed ? [] : rest.map(keyOf);
    const goesOn = [...inFlight, ...notStarted].some((key) => taken.has(key));
    told.push({ ...about, programs: settled.programs, left, outcome: goesOn ? 'resumed' : 'settled' });
  }
  await sweepLeftovers(facts);
  const all = [...taken.values()].sort((a, b) => byCodeUnit(keyOf(a), keyOf(b)));
  return { members: all, alreadyDone, told };
}

async function refresh(facts: DeployFacts, members: readonly SetMember[], key: string): Promise<void> {
  const member = members.find((one) => keyOf(one) === key);
  if (member !== undefined) await facts.refreshRecord(member.component, member.deployment);
}

/** Takes away checkouts of what was killed, as far as it is settled. */
export async function sweepLeftovers({ ledger, context }: DeployFacts): Promise<void> {
  const open = await interruptedDeploys(ledger, () => false);
  sweepCheckouts(context.stores.dataFolder, (name) => open.some(({ deploy }) => fileNameOf(deploy.id) === name));
}

/** What was left of an interrupted deploy, is still in the estate, and was not selected. Sorted. */
function restOf(
  { components }: DeployFacts,
  taken: ReadonlyMap<string, SetMember>,
  { set, alreadyDone }: Settled,
): readonly SetMember[] {
  return set.components
    .filter((one) => !alreadyDone.has(keyOf(one)) && !taken.has(keyOf(one)) && components.has(one.component))
    .sort((a, b) => byCodeUnit(keyOf(a), keyOf(b)));
}

/** Who asks for the same again means to go on: what was named then and is done need not run a second time. */
function goOnWith(taken: Map<string, SetMember>, member: SetMember, done: ReadonlySet<string>): void {
  const key = keyOf(member);
  const now = taken.get(key);
  if (now === undefined) return;
  const selected = done.has(key) ? now.selected && !member.selected : now.selected || member.selected;
  taken.set(key, { ...now, selected });
}

function keyOf({ component, deployment }: SetMember): string {
  return deploymentKey(component, deployment);
}

/** On this host a process is looked up; for another one its lease speaks when it is asked for. */
function isGoingOn({ host }: DeployFacts, deploy: { readonly host: string; readonly pid: number }): boolean {
  if (deploy.host !== host) return false;
  try {
    process.kill(deploy.pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
