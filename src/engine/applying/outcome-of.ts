import type { Change } from '../../change/change.ts';
import type { Outcome } from '../../change/score.ts';
import type { Simulation } from '../../change/simulation.ts';
import { recordOf, runActions } from '../../consequence/run-events.ts';
import { allRecords } from '../../deploy/records.ts';
import { at } from '../../graph/adjacency.ts';
import type { Graph } from '../../graph/graph.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { LedgerEvent } from '../../model/event.ts';
import { outputName, wholeRuntime } from '../../model/pointer.ts';
import type { Ledger } from '../../stores/ledger/port.ts';
import { simulationOfApplied } from '../changing/kept-simulation.ts';
import { type OpenedChanges, viewAt } from '../changing/opened-changes.ts';
import type { EngineContext } from '../context.ts';
import { eventsOf } from '../history/every-event.ts';
import { partsOf } from './ahead.ts';

/** What was predicted of an applied change, and what its runs and their outputs say came of it. Undefined where nothing ran. */
export async function outcomeOf(
  context: EngineContext,
  opened: OpenedChanges,
  change: Change,
): Promise<Outcome | undefined> {
  const ledger = await context.stores.ledger();
  const simulation = await simulationOfApplied(ledger, change);
  if (simulation === undefined) return undefined;
  const { changed, unchanged, moved } = await whatRan(ledger, change);
  if (changed.size + unchanged.size === 0) return undefined;
  const { written } = partsOf(simulation);
  const affected = simulation.comparison.affected.map(({ id }) => id);
  const predicted = new Set([...written, ...affected]);
  const { graph } = await viewAt(context, opened, simulation.head);
  return {
    change: change.id,
    written,
    affected,
    changed: sorted(changed),
    unchanged: sorted([...unchanged].filter((id) => !changed.has(id))),
    missed: await readersMissed(ledger, moved, predicted),
    rules: rulesBehind(graph, simulation, predicted),
  };
}

/** The runs of its deploys, and the outputs that are not as the run before left them. */
async function whatRan(ledger: Ledger, { id }: Change) {
  const [changed, unchanged, moved] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const deploys = new Set<string>();
  let first = 0;
  for await (const event of eventsOf(ledger, { action: 'change.', after: 0 })) {
    if (event.subject !== id) continue;
    if (event.action === 'change.applying' && first === 0) first = event.seq;
    const deploy = event.details['deploy'];
    if (typeof deploy === 'string') deploys.add(deploy);
  }
  for await (const event of eventsOf(ledger, { action: 'run.', after: first })) {
    if (!deploys.has(String(event.details['deploy']))) continue;
    if (event.action === runActions.skipped) unchanged.add(event.subject);
    if (event.action !== runActions.applied) continue;
    const outputs = await outputsMoved(ledger, event);
    for (const name of outputs) moved.add(`${event.subject}#${name}`);
    const counts = Object.values((event.details['changes'] ?? {}) as Readonly<Record<string, unknown>>);
    const didSomething = outputs.length > 0 || counts.some((count) => typeof count === 'number' && count > 0);
    (didSomething ? changed : unchanged).add(event.subject);
  }
  return { changed, unchanged, moved };
}

async function outputsMoved(ledger: Ledger, event: LedgerEvent): Promise<readonly string[]> {
  const now = recordOf(event)?.outputs ?? {};
  const before = await ledger.read({ subject: event.subject, action: runActions.applied, backwards: true, limit: 50 });
  const last = before.find(
    ({ seq, details }) => seq < event.seq && details['deployment'] === event.details['deployment'],
  );
  const was = (last === undefined ? undefined : recordOf(last)?.outputs) ?? {};
  return [...new Set([...Object.keys(now), ...Object.keys(was)])].filter((name) => now[name] !== was[name]);
}

/** Whoever consumed, in its last run, what moved now, and was not told to be affected. */
async function readersMissed(
  ledger: Ledger,
  moved: ReadonlySet<string>,
  predicted: ReadonlySet<string>,
): Promise<readonly string[]> {
  const providers = new Set([...moved].map((one) => one.slice(0, one.indexOf('#'))));
  const missed = new Set<string>();
  for (const [key, { last }] of await allRecords(ledger)) {
    const reader = key.split('@')[0] ?? key;
    if (predicted.has(reader) || missed.has(reader)) continue;
    const reads = last.consumed.some(({ provider, pointer }) =>
      pointer === wholeRuntime ? providers.has(provider) : moved.has(`${provider}#${outputName(pointer)}`),
    );
    if (reads) missed.add(reader);
  }
  return sorted(missed);
}

/** The rules of the references by which each that is affected was reached from what is predicted. */
function rulesBehind(
  graph: Graph,
  { comparison }: Simulation,
  predicted: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const { outStart, edgeTo } = graph.adjacency;
  const rules = new Map<string, readonly string[]>();
  for (const { id } of comparison.affected) {
    const node = graph.node(id);
    if (node === undefined) continue;
    const found = new Set<string>();
    for (let edge = at(outStart, node); edge < at(outStart, node + 1); edge++)
      if (predicted.has(graph.id(at(edgeTo, edge)))) for (const rule of graph.reference(edge).rules) found.add(rule);
    rules.set(id, sorted(found));
  }
  return rules;
}

function sorted(all: Iterable<string>): readonly string[] {
  return [...new Set(all)].sort(byCodeUnit);
}
