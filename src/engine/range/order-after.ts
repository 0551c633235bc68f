import { type Order, order as orderOf } from '../../graph/operations/order.ts';
import type { ComponentId } from '../../model/component.ts';
import type { ComparedRange } from './compare-range.ts';

/** What must run after a merge: what changed, is undecided, new or affected; in order. */
export function orderAfter(
  { comparison, ends }: ComparedRange,
  { among, reverse = false }: { readonly among?: ReadonlySet<number>; readonly reverse?: boolean } = {},
): Order {
  const { graph } = ends.after;
  const ids = new Set<ComponentId>(
    [...comparison.changed, ...comparison.undecided, ...comparison.affected]
      .map(({ id }) => id)
      .concat(comparison.added),
  );
  return orderOf(
    graph,
    [...ids]
      .map((id) => graph.node(id))
      .filter((node) => node !== undefined)
      .filter((node) => among?.has(node) !== false),
    { reverse },
  );
}
