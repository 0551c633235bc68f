import { byCodeUnit } from '../../model/digest.ts';
import { attributeOf } from '../attributes.ts';
import type { Graph } from '../graph.ts';

/**
 * Nodes by the value of an attribute (`env`, `kind`, `owner`, `account`, `folder` …), values sorted; those without one under
 * `''`, last. O(nodes).
 */
export function groupBy(graph: Graph, key: string, nodes?: Iterable<number>): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  for (const node of nodes ?? graph.ids.keys()) {
    const value = attributeOf(graph.component(node), key) ?? '';
    const group = groups.get(value);
    if (group === undefined) groups.set(value, [node]);
    else group.push(node);
  }
  return new Map(
    [...groups].sort(([a], [b]) => (a === '' || b === '' ? (a === b ? 0 : a === '' ? 1 : -1) : byCodeUnit(a, b))),
  );
}
