import { recordOf, runActions } from '../../consequence/run-events.ts';
import type { ComponentId } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { EventDraft, LedgerEvent } from '../../model/event.ts';
import type { RunRecord } from '../../model/record.ts';
import type { Ledger } from '../../stores/ledger/port.ts';
import type { EngineContext } from '../context.ts';
import { referencesOf } from '../deployed/reconstruct-record.ts';
import type { StatusFacts } from '../deployed/status-facts.ts';
import { commitsToTell, modulePlaces, moduleSubject } from './tell-history.ts';

/**
 * Everything that is known to have happened to some components and to what they depend on: events of the ledger, and between
 * them, by their time, what Git and states tell of the rest. Numbered anew from 1, so that they can be walked; only those of
 * the ledger keep an id of the form `e12`.
 */
export async function toldEvents(
  context: EngineContext,
  facts: StatusFacts,
  start: ComponentId,
): Promise<readonly LedgerEvent[]> {
  const ledger = await context.stores.ledger();
  const { events, subjects } = await relevantEvents(ledger, facts, start);
  const told: EventDraft[] = [
    ...(await commitsToTell(context, facts.view)).filter(({ subject }) => subjects.has(subject)),
    ...runsByOthers(context, facts, subjects, events),
  ];
  return merge(events, told);
}

interface Relevant {
  readonly events: readonly LedgerEvent[];
  readonly subjects: ReadonlySet<string>;
}

const page = 500;

/** Follows references and records from subject to subject, and causes from event to event: never the whole ledger. */
async function relevantEvents(ledger: Ledger, facts: StatusFacts, start: ComponentId): Promise<Relevant> {
  const events = new Map<string, LedgerEvent>();
  const subjects = new Set<string>();
  const open: string[] = [start];
  const add = (...found: readonly string[]) => {
    for (const one of found) if (!subjects.has(one)) open.push(one);
  };
  for (let subject = open.pop(); subject !== undefined; subject = open.pop()) {
    if (subjects.has(subject)) continue;
    subjects.add(subject);
    const component = facts.components.get(subject);
    if (component !== undefined) {
      add(
        ...modulePlaces(facts.view, component.row).map(moduleSubject),
        ...referencesOf(facts.view, component.node).map(({ to }) => to),
      );
    }
    for await (const event of ofSubject(ledger, subject)) {
      events.set(event.id, event);
      const record = recordOf(event);
      if (record !== undefined) add(...record.consumed.map(({ provider }) => provider), ...record.dependsOn);
    }
  }
  await addCauses(ledger, events);
  return { events: [...events.values()], subjects };
}

async function* ofSubject(ledger: Ledger, subject: string): AsyncGenerator<LedgerEvent> {
  for (let after = 0; ; ) {
    const some = await ledger.read({ subject, after, limit: page });
    yield* some;
    const last = some.at(-1);
    if (last === undefined || some.length < page) return;
    after = last.seq;
  }
}

/** What events follow from: deploys, change requests. Their ids are `e<seq>`. */
async function addCauses(ledger: Ledger, events: Map<string, LedgerEvent>): Promise<void> {
  const open = [...events.values()].flatMap(({ cause }) => cause ?? []);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const seq = Number(/^e(\d+)$/.exec(id)?.[1] ?? 0);
    if (events.has(id) || seq === 0) continue;
    const [event] = await ledger.read({ after: seq - 1, limit: 1 });
    if (event?.id !== id) continue;
    events.set(id, event);
    if (event.cause !== undefined) open.push(event.cause);
  }
}

/** The runs that states show and that nobody recorded. */
function runsByOthers(
  context: EngineContext,
  facts: StatusFacts,
  subjects: ReadonlySet<string>,
  events: readonly LedgerEvent[],
): EventDraft[] {
  const records = events.flatMap((event) => recordOf(event) ?? []);
  const drafts: EventDraft[] = [];
  for (const subject of subjects) {
    const component = facts.components.get(subject);
    if (component === undefined) continue;
    for (const deployment of facts.deploymentsOf(component)) {
      const record = facts.reconstructed(component, deployment);
      if (record === undefined || records.some((one) => tells(one, record))) continue;
      drafts.push({
        action: runActions.recorded,
        actor: '',
        door: context.door,
        subject,
        outcome: 'ok',
        at: record.at,
        reconstructed: true,
        details: { record },
      });
    }
  }
  return drafts;
}

/** Whether a record on file is of the run that left a state, or of a later one. */
function tells(recorded: RunRecord, shown: RunRecord): boolean {
  if (recorded.component !== shown.component || recorded.deployment !== shown.deployment) return false;
  if (recorded.id === shown.id) return true;
  if (recorded.state !== undefined && shown.state !== undefined && recorded.state.lineage === shown.state.lineage)
    return recorded.state.serial >= shown.state.serial;
  return !recorded.reconstructed && recorded.version === shown.version;
}

/** Events in the order in which they came; what is told of the past goes before the first that came after it. */
function merge(events: readonly LedgerEvent[], told: readonly EventDraft[]): readonly LedgerEvent[] {
  const isPast = (event: EventDraft) => event.reconstructed === true;
  const witnessed = events.filter((event) => !isPast(event)).sort((a, b) => a.seq - b.seq);
  const past = [...events.filter(isPast), ...told].sort((a, b) => byCodeUnit(a.at, b.at));
  const merged: (EventDraft & { readonly id?: string })[] = [];
  let at = 0;
  for (const event of witnessed) {
    for (let next = past[at]; next !== undefined && next.at <= event.at; next = past[at]) {
      merged.push(next);
      at += 1;
    }
    merged.push(event);
  }
  merged.push(...past.slice(at));
  return merged.map((event, index) => ({
    previous: '',
    hash: '',
    ...event,
    id: event.id ?? `told${index + 1}`,
    seq: index + 1,
  }));
}
