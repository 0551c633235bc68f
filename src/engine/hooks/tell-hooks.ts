import { type Change, foldChange } from '../../change/change.ts';
import { afterTry, type HookStanding, hookActions, hookKind } from '../../change/hook.ts';
import { messageOf, signedHeaders } from '../../change/hook-message.ts';
import { systemClock } from '../../deploy/clock.ts';
import { type HeldLease, holdLease } from '../../deploy/lease.ts';
import { isKarmaError } from '../../model/errors.ts';
import type { EventDraft, LedgerEvent } from '../../model/event.ts';
import { thisHost } from '../../stores/ledger/liveness.ts';
import type { Ledger } from '../../stores/ledger/port.ts';
import type { EngineContext } from '../context.ts';
import { eventsOf } from '../history/every-event.ts';
import { type EstateHooks, hooksOf, type KnownHook } from './hooks-of.ts';

export interface ToldHooks {
  /** How many messages were taken in this turn. */
  readonly told: number;
  /** When something is to be tried again, ISO 8601. */
  readonly due?: string;
}

/** From here on a hook is told of what happens; what was before it is history. */
export async function beginHooks(context: EngineContext): Promise<void> {
  const { hooks } = await hooksOf(context);
  if (hooks.length === 0) return;
  const ledger = await context.stores.ledger();
  for (const { name } of hooks) await standingOf(context, ledger, name);
}

/**
 * Tells each hook what happened to changes and it was not told yet, in order, one process at a time. The message goes before the word
 * to the ledger: whoever is killed between the two sends it again, under the same id.
 */
export async function tellHooks(context: EngineContext): Promise<ToldHooks> {
  const known = await hooksOf(context);
  let told = 0;
  const dues: string[] = [];
  for (const hook of known.hooks) {
    if (hook.refused !== undefined) continue;
    const lease = await leaseOf(context, hook.name);
    if (lease === undefined) continue;
    try {
      const turn = await tellOne(context, known, hook, lease);
      told += turn.told;
      if (turn.due !== undefined) dues.push(turn.due);
    } finally {
      await lease.release();
    }
  }
  const [due] = dues.sort();
  return { told, ...(due === undefined ? {} : { due }) };
}

async function leaseOf(context: EngineContext, name: string): Promise<HeldLease | undefined> {
  const { leases } = await context.stores.ledger();
  const { newId, actor, now } = context;
  const holder = { id: newId(), host: thisHost().host, pid: process.pid, actor, since: now() };
  try {
    return await holdLease(leases, systemClock, { name: `hook:${name}`, holder });
  } catch (error) {
    if (isKarmaError(error) && (error.code === 'KARMA_LOCK_HELD' || error.code === 'KARMA_CONFLICT')) return undefined;
    throw error;
  }
}

async function tellOne(
  context: EngineContext,
  known: EstateHooks,
  hook: KnownHook,
  lease: HeldLease,
): Promise<ToldHooks> {
  const ledger = await context.stores.ledger();
  let { standing, revision } = await standingOf(context, ledger, hook.name);
  let told = 0;
  const wanted = hook.on === undefined ? undefined : new Set(hook.on.map((step) => `change.${step}`));
  for await (const event of eventsOf(ledger, { action: 'change.', after: standing.after })) {
    if (wanted?.has(event.action) === false) continue;
    if (standing.due !== undefined && standing.due > context.now()) return { told, due: standing.due };
    await lease.check();
    const trouble = await tell(context, known, hook, event, await changeAfter(ledger, event));
    const next = afterTry(standing, { seq: event.seq, now: context.now(), trouble });
    const about = { event: event.id, change: event.subject, ...(trouble === undefined ? {} : { trouble }) };
    const draft = draftOf(context, next.action, next.standing, about);
    const document = { kind: hookKind, id: hook.name, body: next.standing, revision };
    const written = await ledger.append([draft], undefined, { documents: [document], leases: lease.held });
    // Somebody took the lease over, and goes on from here.
    if (written === false) return { told };
    if (next.action === hookActions.told) told += 1;
    ({ standing } = next);
    revision += 1;
    if (standing.due !== undefined) return { told, due: standing.due };
  }
  return { told };
}

/** How far a hook was told; one that nobody ever told begins with what comes next. */
async function standingOf(context: EngineContext, ledger: Ledger, name: string) {
  for (;;) {
    const stored = await ledger.getDocument(hookKind, name);
    if (stored !== undefined) return { standing: stored.body as HookStanding, revision: stored.revision };
    const { seq } = await ledger.head();
    const standing: HookStanding = { name, after: seq, told: 0, givenUp: 0 };
    const draft = draftOf(context, hookActions.begun, standing, {});
    const document = { kind: hookKind, id: name, body: standing, revision: 0 };
    if ((await ledger.append([draft], undefined, { documents: [document] })) !== false)
      return { standing, revision: 1 };
  }
}

function draftOf(
  { actor, door, now }: EngineContext,
  action: string,
  hook: HookStanding,
  details: Readonly<Record<string, unknown>>,
): EventDraft {
  const outcome = action === hookActions.delayed || action === hookActions.givenUp ? 'failed' : 'ok';
  return { action, actor, door, subject: hook.name, outcome, at: now(), details: { hook, ...details } };
}

/** The change as it was right after an event. */
async function changeAfter(ledger: Ledger, { subject, seq }: LedgerEvent): Promise<Change | undefined> {
  let change: Change | undefined;
  for await (const event of eventsOf(ledger, { action: 'change.', subject, after: 0 })) {
    if (event.seq > seq) break;
    change = foldChange(change, event);
  }
  return change;
}

/** What was wrong, in words. */
async function tell(
  context: EngineContext,
  { estate, root }: EstateHooks,
  { name, run, webhook, secret = '' }: KnownHook,
  event: LedgerEvent,
  change: Change | undefined,
): Promise<string | undefined> {
  // An event of no change: nobody can be told what of.
  if (change === undefined) return undefined;
  const { env, hooks, now } = context;
  const body = JSON.stringify(messageOf(estate, event, change));
  // One event of one ledger, to one hook: the same however often it is sent.
  const id = `${event.hash.slice(0, 24)}-${name}`;
  if (webhook !== undefined) {
    const seconds = Math.floor(Date.parse(now()) / 1000);
    return hooks.send(webhook, body, signedHeaders({ id, seconds, body }, env[secret] ?? ''));
  }
  const kept = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR'].flatMap((one) => {
    const value = env[one];
    return value === undefined ? [] : [[one, value] as const];
  });
  const environment = { ...Object.fromEntries(kept), KARMA_HOOK: name, KARMA_MESSAGE_ID: id, KARMA_STEP: event.action };
  const outside = [
    root.folder,
    ...(root.repository === undefined ? [] : [root.repository.root, root.repository.commonDir]),
  ];
  return hooks.start(run ?? [], body, { environment, outside, path: env['PATH'] });
}
