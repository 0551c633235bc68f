import { attributeOf, folderOf } from '../../graph/attributes.ts';
import type { Graph } from '../../graph/graph.ts';

/** Which components stand together in one box. */
export interface Grouping {
  /** What brings the same grouping about when it is asked for. */
  readonly by: string;
  /** The lane and the name of the group, apart by a NUL; without one the component stands alone. */
  readonly keyOf: (node: number) => string;
  /** `environment and type`; undefined when nothing is grouped. */
  readonly words: string | undefined;
}

const candidates = ['folder', 'type', 'folders:4', 'folders:3', 'folders:2', 'types', 'env'] as const;
/** Types by environment may take more: rather a fuller picture than one that mixes environments. */
const typesRoom = 1.5;

/** The grouping that is asked for; else none where there are few, or the finest that fits, or the coarsest when none does. */
export function groupingFor(graph: Graph, nodes: readonly number[], limit: number, by: string | undefined): Grouping {
  const single: Grouping = { by: 'none', keyOf: (node) => graph.id(node), words: undefined };
  if (by === 'none' || (by === undefined && nodes.length <= limit)) return single;
  if (by !== undefined) return groupingBy(graph, by);
  const sized = candidates.map((one) => {
    const grouping = groupingBy(graph, one);
    return { grouping, size: new Set(nodes.map(grouping.keyOf)).size };
  });
  const room = (grouping: Grouping): number => (grouping.by === 'type' ? limit * typesRoom : limit);
  const fitting = sized.filter(({ grouping, size }) => size <= room(grouping) && size > 1);
  const [best] = (fitting.length > 0 ? fitting : sized).sort((a, b) =>
    fitting.length > 0 ? b.size - a.size : a.size - b.size,
  );
  return best?.grouping ?? single;
}

/** The grouping that somebody asked for. */
export function groupingBy(graph: Graph, by: string): Grouping {
  const environment = (node: number): string => graph.head(node).environment;
  const depth = /^folders:([1-9]\d?)$/.exec(by)?.[1];
  if (depth !== undefined) {
    const steps = (node: number): string => folderOf(graph.id(node)).split('/').slice(0, Number(depth)).join('/');
    return { by, keyOf: (node) => `${environment(node)}\0${steps(node)}`, words: `the first ${depth} folders` };
  }
  if (by === 'folder')
    return { by, keyOf: (node) => `${environment(node)}\0${folderOf(graph.id(node))}`, words: 'folder' };
  if (by === 'types') return { by, keyOf: (node) => `\0${graph.head(node).type}`, words: 'type' };
  if (by === 'env') return { by, keyOf: (node) => `${environment(node)}\0`, words: 'environment' };
  if (by === 'type')
    return { by, keyOf: (node) => `${environment(node)}\0${graph.head(node).type}`, words: 'environment and type' };
  return {
    by,
    keyOf: (node) => `${environment(node)}\0${attributeOf(graph.component(node), by) ?? ''}`,
    words: `environment and ${by}`,
  };
}
