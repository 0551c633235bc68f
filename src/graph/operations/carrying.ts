import { overlaps, type Pointer } from '../../model/pointer.ts';
import { at } from '../adjacency.ts';
import type { Graph } from '../graph.ts';
import type { ImpactStart } from './impact.ts';

/** What may change of the runtimes that a component publishes. One that is not named may change as a whole. */
export type Published = ReadonlyMap<string, readonly Pointer[]>;

/** Stands among runtimes for all parameters that a component writes, those of unknown names included. */
export const itsParameters = 'param:';

/**
 * What a component publishes anew when a change comes to it along these references; undefined where nobody can tell, which is
 * everything.
 */
export type Onward = (node: number, along: readonly number[]) => Published | undefined;

type Moving = 'everything' | readonly ImpactStart[];

/** How a change goes on. */
export interface Carrying {
  /** Whether it goes along a reference. */
  readonly carries: (edge: number) => boolean;
  /** Whether it may come to a parameter that a component writes. */
  readonly movesParameters: (node: number) => boolean;
}

/**
 * Along which references a change goes on: where what is consumed overlaps what may change of the provider. A start may say
 * what changes of it; of one that the change comes to, whether round a cycle or from another start, `onward` may tell, else
 * everything changes. Worked out to the end, because what a component hands on grows with each way the change comes to it.
 * O(references reached · times that a component's part grows).
 */
export function carrying(graph: Graph, starts: readonly ImpactStart[], onward?: Onward): Carrying {
  const { adjacency, orderOnly } = graph;
  const own = new Map<number, Moving>();
  for (const start of starts) own.set(start.node, together(own.get(start.node), limitsOf(start)));
  const moving = new Map(own);
  const along = new Map<number, Set<number>>();
  const carries = (edge: number): boolean => {
    if (orderOnly[edge] === 1) return false;
    const of = moving.get(at(adjacency.edgeTo, edge));
    if (of === undefined) return false;
    return of === 'everything' || of.some((part) => consumesAny(graph, edge, part));
  };
  const queue = [...own.keys()];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    for (let slot = at(adjacency.inStart, node); slot < at(adjacency.inStart, node + 1); slot++) {
      const edge = at(adjacency.inEdges, slot);
      const next = at(adjacency.edgeFrom, edge);
      const ways = along.get(next) ?? new Set<number>();
      if (ways.has(edge) || moving.get(next) === 'everything' || !carries(edge)) continue;
      along.set(next, ways.add(edge));
      const published = onward?.(next, [...ways]);
      const handed: Moving = published === undefined ? 'everything' : [{ node: next, published }];
      moving.set(next, together(own.get(next), handed));
      queue.push(next);
    }
  }
  const movesParameters = (node: number): boolean => {
    const of = moving.get(node);
    if (of === undefined || of === 'everything') return true;
    return of.some(({ published }) => published?.get(itsParameters)?.length !== 0);
  };
  return { carries, movesParameters };
}

/** Nothing says that only some of it may change. */
export function changesWhole({ published, outputs = [] }: ImpactStart): boolean {
  return published === undefined && outputs.length === 0;
}

function limitsOf(start: ImpactStart): Moving {
  return changesWhole(start) ? 'everything' : [start];
}

function together(a: Moving | undefined, b: Moving): Moving {
  if (a === undefined) return b;
  return a === 'everything' || b === 'everything' ? 'everything' : [...a, ...b];
}

function consumesAny(graph: Graph, edge: number, { outputs = [], runtime, published }: ImpactStart): boolean {
  const meet = (consumed: readonly Pointer[], changed: readonly Pointer[]) =>
    consumed.some((pointer) => changed.some((one) => overlaps(pointer, one)));
  if (published === undefined && runtime === undefined) return meet(graph.consumes(edge), outputs);
  const { consumesFrom, consumes } = graph.reference(edge);
  const runtimes = Object.entries(consumesFrom);
  if (published === undefined)
    return meet(runtimes.length === 0 ? consumes : (consumesFrom[runtime ?? ''] ?? []), outputs);
  if (runtimes.length === 0) return meet(consumes, [...published.values()].flat());
  return runtimes.some(([name, consumed]) => {
    const changed = published.get(name);
    return changed === undefined || meet(consumed, changed);
  });
}

/** What of a start is consumed along a reference and changes; everything consumed where that cannot be told apart. */
export function changedOf(graph: Graph, edge: number, { outputs, published }: ImpactStart): readonly Pointer[] {
  if (published === undefined) return outputs ?? [];
  const runtimes = Object.keys(graph.reference(edge).consumesFrom);
  return runtimes.flatMap((name) => published.get(name) ?? graph.consumes(edge));
}
