import type { ComponentId } from '../../model/component.ts';
import type { Evidence } from '../../model/evidence.ts';
import { overlaps, type Pointer, reducePointers, wholeRuntime } from '../../model/pointer.ts';
import { at } from '../adjacency.ts';
import type { Graph } from '../graph.ts';
import { isComplete, type UnreadGroup, unreadGroups } from '../unread.ts';
import { carrying, changedOf, changesWhole, type Onward, type Published } from './carrying.ts';
import { type Direction, edgesTo, pathAlong, type Reach, reach, startOf } from './reach.ts';

/** Where a change begins: a component, or only some of its outputs, of one runtime or of any. */
export interface ImpactStart {
  readonly node: number;
  readonly outputs?: readonly Pointer[];
  readonly runtime?: string;
  /** By runtime what may change of it; it counts instead of the two above. */
  readonly published?: Published;
}

/** Stands where a blind spot is of no one component: a layout that was not read, a file that nobody reads. */
export const ofTheEstate: ComponentId = '';

/**
 * Something that may hide a reference: a hint, an unresolved need, an unreadable file, a module that was not read. With `on`
 * it may lead to that component; without, to any.
 */
export interface BlindSpot {
  /** What was not looked into, whatever changes: told once for all, see {@link Unread}. */
  readonly unread?: Unread;
  /** Whose; {@link ofTheEstate} where it is about none alone. */
  readonly component: ComponentId;
  readonly code: string;
  readonly on?: ComponentId;
  /** What it may read of that component, where it is nothing else. */
  readonly reads?: 'parameters';
  readonly consumes?: readonly Pointer[];
  readonly evidence?: Evidence;
}

/**
 * Something that nobody looked into: a module that lies elsewhere, a program. It says as much of any question as of this one,
 * so it makes no component possible. The answer is complete only where an assumption of `karma.yaml` covers it.
 */
export interface Unread {
  /** The module's source, or where the program is run. */
  readonly what: string;
  /** The reason of the assumption that covers it. */
  readonly assumed?: string;
}

export interface ImpactOptions {
  /** `dependents` (forward, the default): who follows. `dependencies` (back): what it rests on. */
  readonly direction?: Direction;
  readonly depth?: number;
  /** What could not be proved, given by whoever built the graph. */
  readonly blindSpots?: readonly BlindSpot[];
  /** What an affected component publishes anew; by default everything. */
  readonly onward?: Onward;
}

export interface Impact {
  readonly starts: readonly ImpactStart[];
  /** Proven: reached by references that consume something. The predecessor tree behind it. */
  readonly affected: Reach;
  /** Reached only through a blind spot, in id order, without starts and affected ones. */
  readonly possible: Uint32Array;
  /** Nodes that only order after a start or an affected node: they run later, no change reaches them. */
  readonly orderOnly: Uint32Array;
  /** The blind spots that bear on this answer, with a reason of their own. */
  readonly blindSpots: readonly BlindSpot[];
  /** What was not looked into and could change the answer, assumptions included. */
  readonly unread: readonly UnreadGroup[];
  /** Nothing unproved could change the answer, but for what is assumed. */
  readonly complete: boolean;
}

/**
 * Who is affected when components, or some of their outputs, change. A dependent is reached directly when a pointer it
 * consumes overlaps a changed output; from there on by any consumption, unless `onward` tells what an affected component
 * publishes anew. References that only order do not carry a change; they are listed apart.
 *
 * Two answers, never one: `affected` is proven, `possible` is what blind spots could add. O(nodes + edges reached); no row is
 * parsed but the references into a start with named outputs.
 */
export function impact(graph: Graph, starts: readonly ImpactStart[], options: ImpactOptions = {}): Impact {
  const { direction = 'dependents', depth, blindSpots = [], onward } = options;
  // Whatever is consumed of something that changes as a whole carries the change on: nothing has to be worked out before.
  const carried =
    direction === 'dependents' && !(onward === undefined && starts.every(changesWhole))
      ? carrying(graph, starts, onward)
      : undefined;
  const affected = walk(graph, starts, direction, depth, carried?.carries ?? consuming(graph));
  const [general, own] = partition(blindSpots);
  const leads = (spot: BlindSpot, on: number) => spot.reads !== 'parameters' || carried?.movesParameters(on) !== false;
  const { possible, bearing } = throughBlindSpots(graph, affected, own, depth, leads);
  const unread = unreadGroups(
    direction === 'dependents'
      ? general
      : general.filter(({ component }) => component === ofTheEstate || reached(affected, graph.node(component))),
  );
  return {
    starts,
    affected,
    possible,
    orderOnly: orderedAfter(graph, starts, affected),
    blindSpots: bearing,
    unread,
    complete: isComplete(bearing, unread),
  };
}

function partition(
  blindSpots: readonly BlindSpot[],
): readonly [general: readonly BlindSpot[], own: readonly BlindSpot[]] {
  const general = blindSpots.filter(({ unread }) => unread !== undefined);
  return general.length === 0
    ? [general, blindSpots]
    : [general, blindSpots.filter(({ unread }) => unread === undefined)];
}

function walk(
  graph: Graph,
  starts: readonly ImpactStart[],
  direction: Direction,
  depth: number | undefined,
  follow: (edge: number, distance: number) => boolean,
): Reach {
  const nodes = starts.map((start) => start.node);
  return reach(graph, nodes, direction, depth === undefined ? { follow } : { depth, follow });
}

function consuming(graph: Graph): (edge: number) => boolean {
  return (edge) => graph.orderOnly[edge] === 0;
}

/**
 * What blind spots could add: components that one may hide a reference of, and whatever they would carry on to. One bears on
 * the answer unless it leads to a component that no change reaches.
 */
function throughBlindSpots(
  graph: Graph,
  affected: Reach,
  blindSpots: readonly BlindSpot[],
  depth: number | undefined,
  leads: (spot: BlindSpot, on: number) => boolean,
): { readonly possible: Uint32Array; readonly bearing: readonly BlindSpot[] } {
  if (blindSpots.length === 0 || affected.direction === 'dependencies') {
    const own = blindSpots.filter(
      ({ component }) => component === ofTheEstate || reached(affected, graph.node(component)),
    );
    return { possible: new Uint32Array(0), bearing: own };
  }
  const touched = new Set<number>();
  const bearing = new Set<BlindSpot>();
  const room = depth === undefined ? {} : { depth };
  for (let grew = true; grew; ) {
    grew = false;
    for (const spot of blindSpots) {
      const node = graph.node(spot.component);
      if (spot.component === ofTheEstate) bearing.add(spot);
      if (node === undefined || bearing.has(spot)) continue;
      const on = spot.on === undefined ? undefined : graph.node(spot.on);
      if (spot.on !== undefined && !comesTo(affected, touched, on, () => on !== undefined && leads(spot, on))) continue;
      bearing.add(spot);
      if (reached(affected, node) || touched.has(node)) continue;
      grew = true;
      touched.add(node);
      const further = reach(graph, [node], 'dependents', { ...room, follow: consuming(graph) });
      for (const next of further.nodes) if (!reached(affected, next)) touched.add(next);
    }
  }
  return {
    possible: Uint32Array.from(touched).sort(),
    bearing: blindSpots.filter((spot) => bearing.has(spot)),
  };
}

function comesTo(affected: Reach, touched: ReadonlySet<number>, on: number | undefined, leads: () => boolean): boolean {
  return (reached(affected, on) && leads()) || (on !== undefined && touched.has(on));
}

function reached(walk: Reach, node: number | undefined): boolean {
  return node !== undefined && walk.distanceOf(node) >= 0;
}

function orderedAfter(graph: Graph, starts: readonly ImpactStart[], affected: Reach): Uint32Array {
  const { adjacency, orderOnly } = graph;
  const back = affected.direction === 'dependents';
  const first = back ? adjacency.inStart : adjacency.outStart;
  const ends = back ? adjacency.edgeFrom : adjacency.edgeTo;
  const found = new Set<number>();
  const lookFrom = (near: number) => {
    for (let slot = at(first, near); slot < at(first, near + 1); slot++) {
      const edge = back ? at(adjacency.inEdges, slot) : slot;
      if (orderOnly[edge] === 0) continue;
      const far = at(ends, edge);
      if (!reached(affected, far)) found.add(far);
    }
  };
  for (const { node } of starts) lookFrom(node);
  for (const node of affected.nodes) lookFrom(node);
  return Uint32Array.from(found).sort();
}

/** One affected component, spelled out. */
export interface Affected {
  readonly id: ComponentId;
  readonly distance: number;
  /** From a start to here, both included. */
  readonly path: readonly ComponentId[];
  /** The outputs that carry the change, step by step along the path: one list a reference. */
  readonly carriedBy: readonly (readonly Pointer[])[];
  /** Of a path too long to be shown: how many components are left out behind the start, where `carriedBy` has an empty list. */
  readonly leftOut?: number;
}

/** Steps of a path that are shown: the whole of any that people made. A line of thousands would be told for each of its members. */
export const longestPath = 32;

/** How a change comes to a node: the path and what carries it. Derived when shown. O(what is shown). */
export function describeAffected(graph: Graph, found: Impact, node: number): Affected {
  const distance = found.affected.distanceOf(node);
  const known = { id: graph.id(node), distance };
  const edges = edgesTo(graph, found.affected, node, longestPath);
  const path = pathAlong(graph, found.affected, edges, node).map((step) => graph.id(step));
  const left = distance - edges.length;
  const carriedBy = edges.map((edge, step) => carriedAlong(graph, found, edge, left + step));
  if (left <= 0) return { ...known, path, carriedBy };
  const start = graph.id(startOf(graph, found.affected, node));
  return { ...known, path: [start, ...path], carriedBy: [[], ...carriedBy], leftOut: left - 1 };
}

/** What carries a change along a reference: at the first step only the pointers that overlap the changed outputs; later all that is consumed. */
export function carriedAlong(graph: Graph, found: Impact, edge: number, step: number): readonly Pointer[] {
  const consumed = graph.consumes(edge);
  if (step > 0 || found.affected.direction === 'dependencies') return consumed;
  const from = found.starts.filter((start) => start.node === at(graph.adjacency.edgeTo, edge));
  if (from.some(({ outputs = [], published }) => published === undefined && outputs.length === 0)) return consumed;
  const outputs = from.flatMap((start) => changedOf(graph, edge, start));
  const narrowed = consumed.flatMap((pointer) =>
    pointer === wholeRuntime ? outputs : outputs.some((output) => overlaps(pointer, output)) ? [pointer] : [],
  );
  // Nothing overlaps where the change came back to its start, which then changed as a whole.
  return narrowed.length === 0 ? consumed : reducePointers(narrowed);
}
