import { runActions } from '../consequence/run-events.ts';
import { canonicalJson } from '../model/digest.ts';
import { isKarmaError } from '../model/errors.ts';
import type { EventDraft, LedgerEvent } from '../model/event.ts';
import type { RunRecord } from '../model/record.ts';
import type { RunState } from '../model/run.ts';
import type { AppendTogether, DocumentWrite, EventQuery, Ledger } from '../stores/ledger/port.ts';
import type { HeldLease } from './lease.ts';
import { appendWithRecord } from './records.ts';
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

/**
 * Writes what a deploy does, always before it does it: events, and with them the documents that tell how it stands. Every append
 * is held to the leases: once somebody took over, nothing of this deploy is written any more.
 */
export class Journal {
  readonly #ports: DeployPorts;
  readonly #set: DeploySet;
  readonly #leases: AppendTogether['leases'];
  #started: LedgerEvent | undefined;

  constructor(ports: DeployPorts, set: DeploySet, leases: NonNullable<AppendTogether['leases']>) {
    this.#ports = ports;
    this.#set = set;
    this.#leases = leases;
  }

  async begin(action: DeployDocument['action'], environments: readonly string[], cause?: string): Promise<void> {
    const { holder, actor, clock, ledger } = this.#ports;
    const { components: members } = this.#set;
    const { host, pid } = holder;
    const startedAt = clock.now();
    const document: DeployDocument = {
      ...{ id: this.#set.id, state: 'running', action, startedAt, actor, host, pid, environments, members },
    };
    // The set may be large: beside the event, named by its digest.
    const object = await ledger.putObject(new TextEncoder().encode(canonicalJson(members)));
    const details = { action, environments, components: members.length, host, pid, members: object };
    const draft = this.draft(runActions.deployStarted, this.#set.id, 'intent', details, cause);
    const [event] = await this.append([draft], { kind: deployKind, id: this.#set.id, body: document });
    this.#started = event;
  }

  /** False when the lease was lost: what it left in the middle is for whoever holds it now to settle, it is not over. */
  async end(outcome: string, counts: Readonly<Record<string, number>>, lease: HeldLease): Promise<boolean> {
    const good = outcome === 'finished' ? 'ok' : 'failed';
    const draft = this.draft(runActions.deployFinished, this.#set.id, good, { outcome, counts });
    try {
      await lease.check();
      await endDeploy(this.#ports.ledger, this.#set.id, 'ended', draft, this.#leases);
      return true;
    } catch (error) {
      if (isKarmaError(error) && error.code === 'KARMA_LEASE_LOST') return false;
      throw error;
    }
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

  read(query: EventQuery): Promise<readonly LedgerEvent[]> {
    return this.#ports.ledger.read(query);
  }

  /** @throws KARMA_LEASE_LOST, and then nothing was written */
  async append(
    drafts: readonly EventDraft[],
    document?: Omit<DocumentWrite, 'revision'>,
  ): Promise<readonly LedgerEvent[]> {
    const { ledger } = this.#ports;
    const leases = this.#leases ?? [];
    for (;;) {
      const documents = document === undefined ? [] : [await written(ledger, document)];
      const events = await ledger.append(drafts, undefined, { documents, leases });
      if (events !== false) return events;
    }
  }

  /** A run's own events, its record, and where it stands from now on. */
  async run(document: RunDocument, drafts: readonly EventDraft[], record?: RunRecord): Promise<void> {
    const { ledger } = this.#ports;
    await appendWithRecord(ledger, drafts, record, {
      leases: this.#leases ?? [],
      beside: async () => [await written(ledger, runDocument(document))],
    });
  }
}

/** A document over whatever stands there: who holds the lease is the only one to write it. */
export async function written(ledger: Ledger, one: Omit<DocumentWrite, 'revision'>): Promise<DocumentWrite> {
  return { ...one, revision: (await ledger.getDocument(one.kind, one.id))?.revision ?? 0 };
}

export function runDocument(body: RunDocument): Omit<DocumentWrite, 'revision'> {
  return { kind: runKind, id: `${body.deploy}/${body.key}`, body };
}

/** Says that a deploy is over, once. */
export async function endDeploy(
  ledger: Ledger,
  id: string,
  state: DeployDocument['state'],
  draft: EventDraft,
  leases: AppendTogether['leases'] = [],
): Promise<void> {
  for (;;) {
    const found = await ledger.getDocument(deployKind, id);
    // Who looks for what did not end reads all of these: one that is over is kept short. Its events say the rest.
    const documents =
      found === undefined
        ? []
        : [
            {
              ...{ kind: deployKind, id, revision: found.revision },
              body: { ...(found.body as DeployDocument), state, members: [] },
            },
          ];
    if ((await ledger.append([draft], undefined, { documents, leases })) !== false) return;
  }
}
