import type { Graph } from '../../../graph/graph.ts';
import { graphAfter } from '../../../graph/graph-after.ts';
import { firstNot } from '../../../model/binary-search.ts';
import type { EstateSettings } from '../../../model/estate.ts';
import type { Delta, Row } from '../../../model/rows.ts';
import { wholeGraphRows } from '../build-view.ts';

/**
 * Cycles and policies are told from nodes and references, which findings of the estate do not change. Where there was no cycle
 * and no reference differs there is none; a policy or another entry
 * of `karma.yaml` may name components by anything that stands in their rows.
 * @param delta with what was found of the estate itself: an assumption may be about a layout that is not read
 */
export function wholeRowsAfter(base: Graph, delta: Delta, settings: EstateSettings): readonly Row[] {
  const touchesReferences = [...delta.put, ...delta.remove].some(({ table }) => table === 'reference');
  if (!namesComponents(settings) && !touchesReferences && !hasCycles(base)) return [];
  return wholeGraphRows(graphAfter(base, delta), settings);
}

/** Whether what stands in `karma.yaml` must be held against all components. */
function namesComponents({
  policies = [],
  references = [],
  bindings = {},
  environments = [],
  assume = [],
  readOutside = [],
}: EstateSettings): boolean {
  const lists = [policies, references, environments, assume, readOutside, Object.keys(bindings)];
  return lists.some((list) => list.length > 0);
}

/** Whoever inferred a graph told its cycles; findings stand in the order of their keys. */
function hasCycles({ tables: { finding } }: Graph): boolean {
  const place = firstNot(finding.size, (one) => finding.key(one) < cycleKeys);
  return place < finding.size && finding.key(place).startsWith(cycleKeys);
}

const cycleKeys = 'cycle|';
