import type { ComponentId } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { at } from '../adjacency.ts';
import type { Verdict } from './classify.ts';
import type { RangeEnd } from './range-end.ts';

/** Who read something of a component that changed, and by the later end can read nothing of it any more. */
export interface LostReader {
  readonly id: ComponentId;
  /** Of itself and of the component that it read, at the earlier end. */
  readonly node: number;
  readonly provider: number;
}

/**
 * A parameter that is not written any more, a state that is kept elsewhere: the later graph has no reference that would tell who
 * read it. O(references to what changed).
 */
export function lostReaders(
  before: RangeEnd,
  after: RangeEnd,
  changed: readonly Pick<Verdict, 'id' | 'was'>[],
  renames: ReadonlyMap<ComponentId, ComponentId>,
): readonly LostReader[] {
  const lost = new Map<ComponentId, LostReader>();
  const { adjacency } = before.graph;
  for (const { id: now, was = now } of changed) {
    const [provider, later] = [before.graph.node(was), after.graph.node(now)];
    if (provider === undefined || later === undefined) continue;
    for (let slot = at(adjacency.inStart, provider); slot < at(adjacency.inStart, provider + 1); slot++) {
      const edge = at(adjacency.inEdges, slot);
      const node = at(adjacency.edgeFrom, edge);
      const reader = before.graph.id(node);
      const id = renames.get(reader) ?? reader;
      const still = after.graph.node(id);
      if (still === undefined || lost.has(id) || before.graph.consumes(edge).length === 0) continue;
      if (after.graph.edgeBetween(still, later) === undefined) lost.set(id, { id, node, provider });
    }
  }
  return [...lost.values()].sort((a, b) => byCodeUnit(a.id, b.id));
}
