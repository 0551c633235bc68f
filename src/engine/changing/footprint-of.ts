import type { Footprint } from '../../change/footprint.ts';
import type { Simulation } from '../../change/simulation.ts';
import { bindingFolder } from '../../config/binding.ts';
import { karmaFileNames } from '../../config/karma-file.ts';
import { at } from '../../graph/adjacency.ts';
import type { RangeEnd } from '../../graph/impact-of-change/range-end.ts';
import type { GraphDiff } from '../../graph/operations/diff.ts';
import type { Claim, Provide } from '../../model/claim.ts';
import type { ComponentId } from '../../model/component.ts';
import { byCodeUnit, canonicalJson } from '../../model/digest.ts';
import type { ComparedRange } from '../range/compare-range.ts';

/** What a change writes and rests on, of both its ends. O(components changed or affected, and what they read). */
export function footprintOf(
  { comparison, ends }: ComparedRange,
  graph: GraphDiff,
  files: Simulation['files'],
): Footprint {
  const { changed, undecided, added, removed, moved, identical, affected } = comparison;
  const both = [ends.before, ends.after];
  const evaluated = new Set<ComponentId>([
    ...[...changed, ...undecided].map(({ id }) => id),
    ...added,
    ...removed,
    ...moved.flatMap(({ was, id }) => [was, id]),
    ...[...graph.referencesAdded, ...graph.referencesRemoved, ...graph.referencesChanged].map(({ from }) => from),
  ]);
  const written = new Set(evaluated);
  for (const { subject } of [...comparison.findingsNew, ...comparison.findingsGone]) written.add(subject);
  const concerned = new Set([...evaluated, ...affected.map(({ id }) => id)]);
  const reads = new Set([...concerned, ...both.flatMap((end) => providersOf(end, concerned))]);
  const claims = both.flatMap((end) => [...evaluated].map((id) => ({ end, id, claim: end.claim(id) })));
  const lost = claims.find(({ end, id, claim }) => claim === undefined && isManaged(end, id));
  const settings = files.find(({ path }) => isOfTheWhole(path));
  const of = <T>(list: (claim: Claim) => readonly T[]): T[] =>
    claims.flatMap(({ claim }) => (claim === undefined ? [] : list(claim)));
  const differing = [...evaluated].flatMap((id) => differingIn(ends.before.claim(id), ends.after.claim(id)));
  return {
    writes: {
      components: sorted(written),
      files: sorted(files.map(({ path }) => path)),
      listed: sorted(files.flatMap(({ path, kind }) => (kind === 'modified' ? [] : [path]))),
      keys: sorted(differing.flatMap(namesOf)),
      names: sorted(differing.flatMap((one) => (isExclusive(one) ? [one.key] : []))),
    },
    reads: {
      components: sorted(reads),
      files: sorted(of(({ readSet }) => Object.keys(readSet.files))),
      folders: sorted(of(({ readSet }) => Object.keys(readSet.folders))),
      keys: sorted(of(needed)),
    },
    readers: sorted([...changed, ...undecided].map(({ id }) => id).concat(identical, added, removed)),
    ...(settings === undefined
      ? lost === undefined
        ? {}
        : { whole: `what ${lost.id} reads is not at hand` }
      : { whole: `${settings.path} says how all of the estate is read` }),
    proved: comparison.complete,
  };
}

/** Files that decide how everything else is read. */
function isOfTheWhole(path: string): boolean {
  return karmaFileNames.some((name) => name === path) || path.startsWith(`${bindingFolder}/`);
}

function isManaged({ graph }: RangeEnd, id: ComponentId): boolean {
  const node = graph.node(id);
  if (node === undefined) return false;
  const { kind, external } = graph.component(node);
  return kind === 'component' && !external;
}

function providersOf({ graph }: RangeEnd, ids: ReadonlySet<ComponentId>): ComponentId[] {
  const { outStart, edgeTo } = graph.adjacency;
  const found: ComponentId[] = [];
  for (const id of ids) {
    const node = graph.node(id);
    if (node === undefined) continue;
    for (let edge = at(outStart, node); edge < at(outStart, node + 1); edge++) found.push(graph.id(at(edgeTo, edge)));
  }
  return found;
}

/** What a component provides at one end alone, or otherwise there: what is the same at both ends nobody finds anew, or no more. */
function differingIn(before: Claim | undefined, after: Claim | undefined): readonly Provide[] {
  const [was, is] = [before, after].map((claim) => new Map(providedBy(claim).map((one) => [canonicalJson(one), one])));
  const only = (one: Map<string, Provide> | undefined, other: Map<string, Provide> | undefined) =>
    [...(one ?? [])].flatMap(([text, provide]) => (other?.has(text) === true ? [] : [provide]));
  return [...only(was, is), ...only(is, was)];
}

function providedBy(claim: Claim | undefined): readonly Provide[] {
  return [...(claim?.provides ?? []), ...(claim?.externals ?? []).flatMap((one) => one.provides)];
}

/** Names under which two components find each other. `under` and `orElse` too: another change may come in between. */
function namesOf({ key, under = [] }: Provide): string[] {
  return [key, ...under];
}

/** A state, a runtime: what would be written by two. */
function isExclusive({ exclusive, fallback }: Provide): boolean {
  return exclusive === true || fallback === true;
}

function needed({ needs, externals = [] }: Claim): string[] {
  return [...needs, ...externals.flatMap((one) => one.needs)].flatMap(({ key, orElse = [], partly }) => [
    key,
    ...orElse,
    ...(partly?.keys ?? []),
  ]);
}

function sorted(all: Iterable<string>): readonly string[] {
  return [...new Set(all)].sort(byCodeUnit);
}
