import { setTimeout as sleep } from 'node:timers/promises';
import type { Change } from '../../change/change.ts';
import type { ChangeDraft, WrittenChange } from '../../change/change-book.ts';
import type { ChangeAction } from '../../change/states.ts';
import { systemClock } from '../../deploy/clock.ts';
import { leaseName } from '../../deploy/deploy.ts';
import { type HeldLease, holdLease } from '../../deploy/lease.ts';
import { isKarmaError, KarmaError } from '../../model/errors.ts';
import { thisHost } from '../../stores/ledger/liveness.ts';
import type { HeldFence } from '../../stores/ledger/port.ts';
import { type OpenedChanges, openChanges } from '../changing/opened-changes.ts';
import type { EngineContext } from '../context.ts';

/** So often, and so many milliseconds apart, is asked again for what another attempt holds for a moment. */
const mostTries = 120;
const pause = 250;

/** What becomes of a change, in this order. */
const steps = ['commit', 'configs', 'deploy', 'graph'] as const;
type Step = (typeof steps)[number];

/** One attempt to apply a change: what it holds, and how it tells what it does. Everything it writes is held to its leases. */
export class Attempt {
  readonly context: EngineContext;
  readonly id: string;
  readonly #leases: Map<string, HeldLease>;
  readonly #takeOver: boolean;
  /** The event that the next one follows from. */
  #cause: string | undefined;

  private constructor(context: EngineContext, id: string, takeOver: boolean, leases: Map<string, HeldLease>) {
    // Whatever of a deploy or a write of parameters takes the lease of an environment gets the one that is held here.
    // The estate is read again at each step; that it is need not be said each time.
    const report: EngineContext['report'] = (said) => {
      if (said.kind === 'note' || said.phase === 'run' || said.phase === 'apply') context.report(said);
    };
    this.context = { ...context, report, held: (name) => leases.get(name) };
    this.id = id;
    this.#takeOver = takeOver;
    this.#leases = leases;
  }

  /** @throws KARMA_LOCK_HELD while somebody else applies it */
  static async at(
    context: EngineContext,
    id: string,
    takeOver: boolean,
    work: (attempt: Attempt) => Promise<void>,
  ): Promise<void> {
    const attempt = new Attempt(context, id, takeOver, new Map());
    try {
      await attempt.hold(changeLease(id));
      await work(attempt);
    } finally {
      for (const lease of [...attempt.#leases.values()].reverse()) await lease.release();
    }
  }

  /** In sorted order, so that two attempts never wait for each other. @throws KARMA_LOCK_HELD */
  async holdEnvironments(environments: readonly string[]): Promise<void> {
    for (const environment of [...environments].sort()) await this.hold(leaseName(environment));
  }

  async hold(name: string): Promise<void> {
    if (this.#leases.has(name)) return;
    const { actor, newId, now, stores } = this.context;
    const { leases } = await stores.ledger();
    const holder = { id: newId(), host: thisHost().host, pid: process.pid, actor, since: now() };
    this.#leases.set(name, await holdLease(leases, systemClock, { name, holder, takeOver: this.#takeOver }));
  }

  /**
   * Work for which nobody else may hold a lease meanwhile; let go right after it, unless it was held before. Whoever has it is waited
   * for: that is soon over. @throws KARMA_LOCK_HELD where it is not
   */
  async during<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.#leases.has(name)) return work();
    await this.holdSoon(name);
    try {
      return await work();
    } finally {
      const lease = this.#leases.get(name);
      this.#leases.delete(name);
      await lease?.release();
    }
  }

  async holdSoon(name: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.hold(name);
      } catch (error) {
        const isTaken = isKarmaError(error) && (error.code === 'KARMA_LOCK_HELD' || error.code === 'KARMA_CONFLICT');
        if (!isTaken || tries >= mostTries) throw error;
        await sleep(pause);
      }
    }
  }

  /** A step of the change itself begins. */
  begins(step: Step): void {
    const total = steps.length;
    this.context.report({ kind: 'phase', phase: 'apply', about: step, done: steps.indexOf(step), total });
  }

  get fences(): readonly HeldFence[] {
    return [...this.#leases.values()].flatMap(({ held }) => held);
  }

  /** Before every effect outside. @throws KARMA_LEASE_LOST */
  async check(): Promise<void> {
    for (const lease of this.#leases.values()) await lease.check();
  }

  opened(): Promise<OpenedChanges> {
    return openChanges(this.context);
  }

  async change(): Promise<Change> {
    return (await this.opened()).book.get(this.id);
  }

  /**
   * @param of the content that this is about: nothing is told of another one that somebody gave it meanwhile
   * @throws KARMA_LEASE_LOST, KARMA_REFUSED where the state does not allow it, KARMA_CHANGED where it got another content
   */
  async tell(
    action: ChangeAction,
    details: Readonly<Record<string, unknown>>,
    {
      outcome = 'ok',
      also,
      of,
    }: { readonly outcome?: ChangeDraft['outcome']; readonly also?: Also; readonly of?: Pick<Change, 'head'> } = {},
  ): Promise<WrittenChange> {
    const { book } = await this.opened();
    const draft = (revision: number, rest: Readonly<Record<string, unknown>>, what: ChangeAction): ChangeDraft => {
      const { actor, door, now } = this.context;
      const cause = this.#cause === undefined ? {} : { cause: this.#cause };
      return { action: what, actor, door, outcome, at: now(), details: { revision, ...rest }, ...cause };
    };
    const about = (now: Change): ChangeDraft => {
      if (of !== undefined) mustBeContent(of, now);
      return draft(now.revision, details, action);
    };
    const written = await book.step(this.id, about, {
      held: this.fences,
      ...(also === undefined
        ? {}
        : { also: { name: also.name, about: ({ revision }) => draft(revision, also.details, also.action) } }),
    });
    if (written === undefined) throw new KarmaError('KARMA_BUG', `${action} was not written`);
    this.#cause = written.event.id;
    return written;
  }
}

/** Who applies a change, goes on with it or takes it back does so alone. */
export function changeLease(id: string): string {
  return `change:${id}`;
}

/** What passed the gates is what goes on: who gave the change another content meanwhile made another one of it. @throws KARMA_CHANGED */
export function mustBeContent(of: Pick<Change, 'head'>, { id, head }: Pick<Change, 'id' | 'head'>): void {
  if (head === of.head) return;
  throw new KarmaError('KARMA_CHANGED', `${id} got another content while it was applied: nothing of it happened`, {
    hint: `\`karma change show ${id}\` says what it does now`,
  });
}

interface Also {
  readonly name: string;
  readonly action: ChangeAction;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What a failure is told as, in an event and in the change. */
export function failureOf(error: unknown): { readonly code: string; readonly message: string } | undefined {
  if (!isKarmaError(error) || error.code === 'KARMA_LEASE_LOST' || error.code === 'KARMA_BUG') return undefined;
  return { code: error.code, message: error.message };
}
