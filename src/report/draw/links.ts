import { at } from '../../graph/adjacency.ts';
import type { Graph } from '../../graph/graph.ts';
import { strongComponents } from '../../graph/operations/components.ts';
import type { Link, LinkChange } from './picture.ts';

export interface Linked {
  /** Sorted by from, then by to. */
  readonly links: readonly Link[];
  /** References between components of one box. */
  readonly within: number;
  /** References that a link stands for. */
  readonly shown: number;
}

/** A plausible reference, as nodes. */
export interface HintedReference {
  readonly from: number;
  readonly to: number;
  readonly consumes: readonly string[];
}

interface Growing {
  readonly from: number;
  readonly to: number;
  readonly consumes: Set<string>;
  readonly changes: (LinkChange | undefined)[];
  orders: boolean;
  cycle: boolean;
  count: number;
}

/** Of one graph many pictures are asked. */
const knownStrong = new WeakMap<Graph, Int32Array>();

function strongOf(graph: Graph): Int32Array {
  const strong = knownStrong.get(graph) ?? strongComponents(graph).of;
  knownStrong.set(graph, strong);
  return strong;
}

/** References between boxes, those between the same two as one. O(edges of the nodes). */
export function linksOf(
  graph: Graph,
  nodes: readonly number[],
  boxOf: Int32Array,
  changeOf: (edge: number) => LinkChange | undefined,
): Linked {
  const { outStart, edgeTo } = graph.adjacency;
  const strong = strongOf(graph);
  const links = new Map<number, Growing>();
  let within = 0;
  let shown = 0;
  for (const node of nodes) {
    const from = boxOf[node] ?? -1;
    for (let edge = at(outStart, node); edge < at(outStart, node + 1); edge++) {
      const end = at(edgeTo, edge);
      const to = boxOf[end] ?? -1;
      if (from < 0 || to < 0) continue;
      if (from === to) {
        within++;
        continue;
      }
      shown++;
      const key = from * graph.size + to;
      let link = links.get(key);
      if (link === undefined) {
        link = { from, to, consumes: new Set(), changes: [], orders: true, cycle: false, count: 0 };
        links.set(key, link);
      }
      link.count++;
      link.orders &&= graph.orderOnly[edge] === 1;
      link.cycle ||= strong[node] === strong[end];
      link.changes.push(changeOf(edge));
      for (const pointer of graph.consumes(edge)) link.consumes.add(pointer);
    }
  }
  const sorted = [...links.values()].sort((a, b) => a.from - b.from || a.to - b.to);
  return {
    links: sorted.map(({ changes, consumes, ...link }) => ({
      ...link,
      consumes: [...consumes].sort(),
      strength: 'proven' as const,
      change: changeOfAll(changes),
    })),
    within,
    shown,
  };
}

function changeOfAll(changes: readonly (LinkChange | undefined)[]): LinkChange | undefined {
  const [first] = changes;
  if (changes.every((one) => one === first)) return first;
  return 'changed';
}

/** What nothing proves, where no proven reference runs between the two already. */
export function hintedLinks(hints: readonly HintedReference[], boxOf: Int32Array, proven: readonly Link[]): Link[] {
  const known = new Set(proven.map(({ from, to }) => `${from} ${to}`));
  const links = new Map<string, { from: number; to: number; count: number; consumes: Set<string> }>();
  for (const hint of hints) {
    const [from, to] = [boxOf[hint.from] ?? -1, boxOf[hint.to] ?? -1];
    const key = `${from} ${to}`;
    if (from < 0 || to < 0 || from === to || known.has(key)) continue;
    const link = links.get(key) ?? { from, to, count: 0, consumes: new Set<string>() };
    link.count++;
    for (const pointer of hint.consumes) link.consumes.add(pointer);
    links.set(key, link);
  }
  return [...links.values()].map(({ from, to, count, consumes }) => ({
    from,
    to,
    count,
    consumes: [...consumes].sort(),
    orders: false,
    cycle: false,
    strength: 'hint',
    change: undefined,
  }));
}
