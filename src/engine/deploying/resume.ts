import { interruptedDeploys, settleDeploy } from '../../deploy/resume.ts';
import type { DeployPorts, SetMember } from '../../deploy/set.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { deploymentKey } from '../../model/record.ts';
import { readMark } from '../../run/job-files.ts';
import { sweepCheckouts } from './folders.ts';
import type { DeployGround } from './ground.ts';
import type { DeployFace, DeployQuery, Resumed } from './query.ts';

export interface ResumedSet {
  /** What is run now, what was left of interrupted deploys included. Sorted by key. */
  readonly members: readonly SetMember[];
  readonly alreadyDone: ReadonlySet<string>;
  readonly told: readonly Resumed[];
}

export interface ResumeWish {
  readonly action: 'apply' | 'destroy';
  readonly members: readonly SetMember[];
  readonly face: DeployFace;
  readonly query: DeployQuery;
}

/**
 * After a Karma that was killed: settles its deploys in the environments that are deployed to now, and takes what was left of
 * those with the same action along. What it had finished is not forced to run again; cutoff decides.
 *
 * @throws KARMA_LOCK_HELD while such a deploy is alive
 */
export async function resumeInterrupted(
  ground: DeployGround,
  ports: DeployPorts,
  { action, members, face, query }: ResumeWish,
): Promise<ResumedSet> {
  const environments = new Set(members.map(({ environment }) => environment));
  const interrupted = await interruptedDeploys(ground.ledger, (deploy) => isGoingOn(ground, deploy));
  sweepCheckouts(
    ground.context.stores.dataFolder,
    (id) => id === ports.holder.id || interrupted.some(({ deploy }) => deploy.id === id),
  );
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
      ...{ environments: deploy.environments, done, inFlight, notStarted },
    };
    if (!ours) {
      told.push({ ...about, programs: [], outcome: 'told' });
      continue;
    }
    const settled = await settleDeploy(one, ports, {
      living: 'wait',
      markOf: readMark,
      runner: ground.tools.terraform(),
      control: {
        signal: face.stopNow,
        listen: (progress) =>
          face.listen({ kind: 'progress', key: inFlight[0] ?? deploy.id, run: deploy.id, progress }),
      },
      options: query.takeOver === undefined ? {} : { takeOver: query.takeOver },
    });
    for (const { key } of settled.programs) await refresh(ground, deploy.members, key);
    if (deploy.action !== action) {
      told.push({ ...about, programs: settled.programs, outcome: 'settled' });
      continue;
    }
    for (const member of settled.set.components) takeAlong(ground, taken, member, settled.alreadyDone);
    if (query.cutoff === false) for (const key of settled.alreadyDone) alreadyDone.add(key);
    told.push({ ...about, programs: settled.programs, outcome: 'resumed' });
  }
  const all = [...taken.values()].sort((a, b) => byCodeUnit(keyOf(a), keyOf(b)));
  return { members: all, alreadyDone, told };
}

async function refresh(ground: DeployGround, members: readonly SetMember[], key: string): Promise<void> {
  const member = members.find((one) => keyOf(one) === key);
  if (member !== undefined) await ground.refreshRecord(member.component, member.deployment);
}

/** Named or not, what was left of an interrupted deploy runs; what it had finished is left to cutoff. */
function takeAlong(
  { components }: DeployGround,
  taken: Map<string, SetMember>,
  member: SetMember,
  done: ReadonlySet<string>,
): void {
  const key = keyOf(member);
  const now = taken.get(key);
  if (done.has(key)) {
    if (now !== undefined) taken.set(key, { ...now, selected: false });
    return;
  }
  if (components.get(member.component) === undefined) return;
  taken.set(key, now === undefined ? member : { ...now, selected: now.selected || member.selected });
}

function keyOf({ component, deployment }: SetMember): string {
  return deploymentKey(component, deployment);
}

/** On this host a process is looked up; for another one its lease speaks when it is asked for. */
function isGoingOn({ host }: DeployGround, deploy: { readonly host: string; readonly pid: number }): boolean {
  if (deploy.host !== host) return false;
  try {
    process.kill(deploy.pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
