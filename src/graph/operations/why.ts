import type { ComponentId } from '../../model/component.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Pointer } from '../../model/pointer.ts';
import { at } from '../adjacency.ts';
import type { Graph } from '../graph.ts';
import { pathTo, type Reach, reach } from './reach.ts';

/** One reference on a path, with why it is there. */
export interface WhyStep {
  readonly from: ComponentId;
  readonly to: ComponentId;
  readonly rules: readonly string[];
  readonly consumes: readonly Pointer[];
  readonly evidence: readonly Evidence[];
}

export interface Why {
  readonly from: ComponentId;
  readonly to: ComponentId;
  /** How the two are related: `from` depends on `to`, the other way round, both (a cycle), or not at all. */
  readonly relation: 'depends on' | 'used by' | 'both' | 'none';
  /** The shortest path, from the dependent; empty when there is none. */
  readonly shortest: readonly WhyStep[];
  /** Where both depend on each other: the shortest path from the other one back. */
  readonly back?: readonly WhyStep[];
  /** Further paths as ids, shortest first, up to the limit. */
  readonly others: readonly (readonly ComponentId[])[];
  /** How many simple paths there are besides the shortest; `more` when there are beyond those looked at. */
  readonly otherCount: number;
  readonly more: boolean;
}

export interface WhyOptions {
  /** How many further paths to spell out. */
  readonly limit?: number;
  /** How many steps to spend on looking for further paths; they can be exponentially many. */
  readonly effort?: number;
}

/**
 * Why one component depends on another: the shortest path with the evidence of each reference, and the other simple paths.
 * When `a` does not depend on `b` but `b` on `a`, that path is told and the relation says so. All references count, order-only
 * ones too. O(nodes + edges) for the shortest; the others cost what `effort` allows and `more` says that it ended there.
 */
export function why(graph: Graph, a: number, b: number, { limit = 5, effort = 20_000 }: WhyOptions = {}): Why {
  const forth = a !== b && isReached(graph, a, b);
  const back = a !== b && isReached(graph, b, a);
  const [from, to] = !forth && back ? [b, a] : [a, b];
  const relation = forth ? (back ? 'both' : 'depends on') : back ? 'used by' : 'none';
  const ends = { from: graph.id(a), to: graph.id(b), relation } as const;
  if (relation === 'none') return { ...ends, shortest: [], others: [], otherCount: 0, more: false };
  const { paths, more } = simplePaths(graph, from, to, effort);
  const [shortest = [], ...others] = paths;
  return {
    ...ends,
    shortest: stepsOf(graph, shortest),
    ...(relation === 'both' && { back: stepsOf(graph, pathTo(graph, reach(graph, [b], 'dependencies'), a)) }),
    others: others.slice(0, limit).map((path) => path.map((node) => graph.id(node))),
    otherCount: others.length,
    more,
  };
}

function isReached(graph: Graph, from: number, to: number): boolean {
  return reach(graph, [from], 'dependencies').distanceOf(to) > 0;
}

/** What a path of nodes says, reference by reference. */
export function stepsOf(graph: Graph, path: readonly number[]): WhyStep[] {
  const steps: WhyStep[] = [];
  for (let place = 1; place < path.length; place++) {
    const edge = graph.edgeBetween(path[place - 1] ?? -1, path[place] ?? -1);
    if (edge === undefined) continue;
    const { from, to, rules, consumes } = graph.reference(edge);
    steps.push({ from, to, rules, consumes, evidence: graph.evidence(edge) });
  }
  return steps;
}

/**
 * Simple paths by length, then by ids: iterative deepening over a walk that only enters nodes from which the target can
 * still be reached within the length allowed, so a branch that leads nowhere is not entered.
 */
function simplePaths(
  graph: Graph,
  from: number,
  to: number,
  effort: number,
): { readonly paths: readonly (readonly number[])[]; readonly more: boolean } {
  const toTarget = reach(graph, [to], 'dependents');
  const fromStart = reach(graph, [from], 'dependencies');
  let between = 0;
  for (const node of [to, ...toTarget.nodes]) if (fromStart.distanceOf(node) >= 0) between += 1;
  const shortest = toTarget.distanceOf(from);
  const paths: (readonly number[])[] = [];
  const budget = { left: effort };
  for (let length = shortest, longer = true; longer && length < between && budget.left > 0; length++) {
    longer = pathsOfLength(graph, from, to, length, toTarget, budget, paths);
  }
  return { paths, more: budget.left <= 0 };
}

/** Adds the simple paths of exactly this length; answers whether a longer one may exist. */
function pathsOfLength(
  graph: Graph,
  from: number,
  to: number,
  length: number,
  toTarget: Reach,
  budget: { left: number },
  paths: (readonly number[])[],
): boolean {
  const { outStart, edgeTo } = graph.adjacency;
  const trail = [from];
  const next = [at(outStart, from)];
  const onTrail = new Set(trail);
  let cut = false;
  while (trail.length > 0) {
    const node = trail.at(-1) ?? from;
    const edge = next[trail.length - 1] ?? 0;
    const left = length - trail.length;
    if (edge >= at(outStart, node + 1) || left < 0 || node === to) {
      if (node === to && left === -1) paths.push([...trail]);
      onTrail.delete(node);
      trail.pop();
      next.pop();
      continue;
    }
    next[trail.length - 1] = edge + 1;
    const step = at(edgeTo, edge);
    const far = toTarget.distanceOf(step);
    if (far < 0 || onTrail.has(step)) continue;
    if (far > left) {
      cut = true;
      continue;
    }
    // The shortest path is always found: the effort counts from there on.
    if (--budget.left <= 0 && paths.length > 0) return true;
    trail.push(step);
    next.push(at(outStart, step));
    onTrail.add(step);
  }
  return cut;
}
