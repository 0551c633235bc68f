import type { EventDraft, LedgerEvent } from '../model/event.ts';
import type { RunState } from '../model/run.ts';
import type { Ledger } from '../stores/ledger/port.ts';
import type { DeployPorts, DeploySet, SetMember } from './set.ts';

/** What is kept of a deploy while it goes on, so that another process can tell what was running and go on with it. */
export interface DeployDocument {
  readonly id: string;
  readonly state: 'running' | 'ended' | 'settled';
  readonly action: 'apply' | 'destroy';
  readonly startedAt: string;
  readonly actor: string;
  readonly host: string;
  readonly pid: number;
  readonly environments: readonly string[];
  readonly members: readonly SetMember[];
  readonly started: string;
}

/** One component's run inside a deploy. */
export interface RunDocument {
  readonly deploy: string;
  readonly key: string;
  readonly state: RunState;
  readonly run: string;
  readonly runFolder: string;
  readonly component: string;
  readonly deployment: string;
}

export const deployKind = 'deploy';
export const runKind = 'deploy-run';

/** Writes what a deploy does, always before it does it. All writes go one after the other. */
export class Journal {
  readonly #ports: DeployPorts;
  readonly #set: DeploySet;
  readonly #revisions = new Map<string, number>();
  #started: LedgerEvent | undefined;

  constructor(ports: DeployPorts, set: DeploySet) {
    this.#ports = ports;
    this.#set = set;
  }

  async begin(action: DeployDocument['action'], environments: readonly string[], cause?: string): Promise<void> {
    const { holder, actor, clock } = this.#ports;
    const details = { action, environments, components: this.#set.components.length };
    const [event] = await this.append([this.draft('run.deploy.started', this.#set.id, 'intent', details, cause)]);
    this.#started = event;
    const document: DeployDocument = {
      id: this.#set.id,
      state: 'running',
      action,
      startedAt: clock.now(),
      actor,
      host: holder.host,
      pid: holder.pid,
      environments,
      members: this.#set.components,
      started: event?.id ?? '',
    };
    await this.#put(deployKind, this.#set.id, document);
  }

  /** @param leaseLost what it left in the middle is for whoever holds the lease to settle: it is not over */
  async end(outcome: string, counts: Readonly<Record<string, number>>, leaseLost: boolean): Promise<void> {
    const good = outcome === 'finished' ? 'ok' : 'failed';
    const why = leaseLost ? { code: 'KARMA_LEASE_LOST' } : {};
    await this.append([this.draft('run.deploy.finished', this.#set.id, good, { outcome, counts, ...why })]);
    if (!leaseLost) await endDeploy(this.#ports.ledger, this.#set.id, 'ended');
  }

  /** The event everything in this deploy follows from. */
  get cause(): string | undefined {
    return this.#started?.id;
  }

  draft(
    action: string,
    subject: string,
    outcome: EventDraft['outcome'],
    details: Readonly<Record<string, unknown>>,
    cause = this.cause,
    environment?: string,
  ): EventDraft {
    const { actor, door, clock } = this.#ports;
    return {
      action,
      actor,
      door,
      subject,
      outcome,
      at: clock.now(),
      details: { deploy: this.#set.id, ...details },
      ...(cause === undefined ? {} : { cause }),
      ...(environment === undefined ? {} : { environment }),
    };
  }

  async append(drafts: readonly EventDraft[]): Promise<readonly LedgerEvent[]> {
    const events = await this.#ports.ledger.append(drafts);
    return events === false ? [] : events;
  }

  async run(document: RunDocument): Promise<void> {
    await this.#put(runKind, `${document.deploy}/${document.key}`, document);
  }

  async #put(kind: string, id: string, body: unknown): Promise<void> {
    const { ledger } = this.#ports;
    const known = this.#revisions.get(`${kind} ${id}`);
    const revision = known ?? (await ledger.getDocument(kind, id))?.revision ?? 0;
    if (!(await ledger.putDocument(kind, id, body, revision))) {
      // Somebody else settled this deploy: the lease is what decides, and its next check says so.
      this.#revisions.delete(`${kind} ${id}`);
      return;
    }
    this.#revisions.set(`${kind} ${id}`, revision + 1);
  }
}

export async function endDeploy(ledger: Ledger, id: string, state: DeployDocument['state']): Promise<void> {
  for (;;) {
    const found = await ledger.getDocument(deployKind, id);
    if (found === undefined) return;
    const body = found.body as DeployDocument;
    // Who looks for what did not end reads all of these: one that is over is kept short. Its events say the rest.
    if (await ledger.putDocument(deployKind, id, { ...body, state, members: [] }, found.revision)) return;
  }
}
