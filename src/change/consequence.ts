import { canonicalJson, sha256 } from '../model/digest.ts';
import type { Simulation } from './simulation.ts';

/**
 * What somebody agrees to when they agree to a change: everything that it does, item by item, and nothing of where it was found out.
 * So two simulations on two bases are compared: what is in the later and not in the earlier is what a consequence has grown by. An
 * item that differs in anything is another item.
 */
type Consequence = ReadonlyMap<string, string>;

function consequenceOf({ comparison, graph, files, worse }: Simulation): Consequence {
  const items = new Map<string, string>();
  const put = (label: string, item: unknown) => items.set(canonicalJson([label, item ?? null]), label);
  for (const { path, kind } of files) put(`${kind} ${path}`, undefined);
  for (const id of comparison.added) put(`adds ${id}`, undefined);
  for (const id of comparison.removed) put(`removes ${id}`, undefined);
  for (const { was, id } of comparison.moved) put(`moves ${was} to ${id}`, undefined);
  for (const one of comparison.changed) put(`changes ${one.id}`, one);
  for (const one of comparison.undecided) put(`may change ${one.id}`, one);
  for (const one of comparison.affected) put(`affects ${one.id}`, one);
  for (const id of comparison.possible) put(`may affect ${id}`, undefined);
  for (const one of comparison.contracts) put(`changes the output ${one.component}#${one.pointer}`, one);
  for (const [kind, list] of Object.entries(comparison.states))
    if (Array.isArray(list)) for (const one of list) put(`states: ${kind}`, one);
  for (const [kind, list] of Object.entries(comparison.variables))
    if (Array.isArray(list)) for (const one of list) put(`variables: ${kind}`, one);
  for (const one of comparison.blindSpots) put('cannot be looked into further', one);
  for (const one of worse) put(`${one.code} of ${one.subject}`, one);
  for (const { from, to } of graph.referencesAdded) put(`${from} comes to depend on ${to}`, undefined);
  for (const { from, to } of graph.referencesRemoved) put(`${from} depends on ${to} no more`, undefined);
  for (const one of graph.referencesChanged) put(`${one.from} reads something else of ${one.to}`, one);
  if (!comparison.complete) put('is not known in full', undefined);
  return items;
}

export function consequenceDigest(simulation: Simulation): string {
  return sha256(canonicalJson([...consequenceOf(simulation).keys()].sort()));
}

/** What a later simulation holds and an earlier one does not, in words. Empty: who agreed to the earlier agreed to this. */
export function grownBy(before: Simulation, after: Simulation): readonly string[] {
  const known = consequenceOf(before);
  return [...new Set([...consequenceOf(after)].flatMap(([item, label]) => (known.has(item) ? [] : [label])))];
}
