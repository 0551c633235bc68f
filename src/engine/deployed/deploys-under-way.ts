import { leaseName } from '../../deploy/deploy.ts';
import type { DeployDocument } from '../../deploy/journal.ts';
import { type InterruptedDeploy, interruptedDeploys } from '../../deploy/resume.ts';
import { thisHost } from '../../stores/ledger/liveness.ts';
import type { LeaseState, Ledger } from '../../stores/ledger/port.ts';

/** A deploy that began and did not end: it goes on somewhere, or it was killed and nobody went on with it yet. */
export interface DeployUnderWay {
  readonly deploy: string;
  readonly action: DeployDocument['action'];
  readonly state: 'running' | 'interrupted';
  readonly actor: string;
  readonly host: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly done: readonly string[];
  readonly inFlight: readonly string[];
  readonly notStarted: readonly string[];
}

/** Told by its lease; of this host's processes by whether they live. Writes nothing. */
export async function deploysUnderWay(ledger: Ledger): Promise<readonly DeployUnderWay[]> {
  const all = await interruptedDeploys(ledger, () => false);
  return Promise.all(all.map((one) => underWay(ledger, one)));
}

async function underWay(ledger: Ledger, one: InterruptedDeploy): Promise<DeployUnderWay> {
  const { id: deploy, action, actor, host, pid, startedAt, environments } = one.deploy;
  const leases = await Promise.all(environments.map((name) => ledger.leases.look(leaseName(name))));
  const state = leases.some((lease) => holds(lease, one.deploy)) ? 'running' : 'interrupted';
  const { done, inFlight, notStarted } = one;
  return { ...{ deploy, action, state, actor, host, pid, startedAt }, ...{ done, inFlight, notStarted } };
}

function holds(lease: LeaseState | undefined, { id, host, pid }: DeployDocument): boolean {
  const here = thisHost();
  return lease?.holder?.id === id && (host !== here.host || here.isAlive(pid));
}
