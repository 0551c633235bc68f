import type { ComponentId } from '../../model/component.ts';
import { KarmaError } from '../../model/errors.ts';
import { at } from '../adjacency.ts';
import type { Graph } from '../graph.ts';
import { strongComponents } from './components.ts';

export interface OrderOptions {
  /** For destroy: dependents first. */
  readonly reverse?: boolean;
  /** How long a component takes, in any unit, for the critical path; 1 each by default. */
  readonly weight?: (id: ComponentId) => number;
}

/** Something that starts at once when what it waits for is done: a component, or a cycle that nobody can take apart. */
export interface OrderStep {
  /** More than one: a cycle, sorted. */
  readonly components: readonly ComponentId[];
  readonly cycle: boolean;
  readonly wave: number;
  /** Steps that must be done before, by number, sorted: the ready queue's in-degree is its length. */
  readonly waitsFor: readonly number[];
  /** Steps that wait for this one, by number, sorted. */
  readonly unlocks: readonly number[];
}

export interface Order {
  /** Sorted by wave, then by id; a step's number is its place. */
  readonly steps: readonly OrderStep[];
  /** The steps as waves: a way to show the order. Runs start as soon as they are ready, not wave by wave. */
  readonly waves: readonly (readonly ComponentId[])[];
  readonly cycles: readonly (readonly ComponentId[])[];
  /** The chain of steps that takes longest, first to last, and how long it takes; of those that can run: none is in or behind a cycle. */
  readonly critical: { readonly components: readonly ComponentId[]; readonly length: number };
  /** Selected nodes that nothing runs: parameters and components that are not managed here. */
  readonly notRun: readonly ComponentId[];
}

/**
 * The order in which selected components run; it runs nothing. Every reference between two of them is respected, also when
 * it leads through components that were not selected: `a → b → c` with only `a` and `c` selected still runs `c` first.
 * A cycle is one step, and named. O(nodes + edges + pairs that wait for each other).
 */
export function order(graph: Graph, selected: Iterable<number>, options: OrderOptions = {}): Order {
  const chosen = new Uint8Array(graph.size);
  const notRun: ComponentId[] = [];
  for (const node of [...new Set(selected)].sort((a, b) => a - b)) {
    if (runs(graph, node)) chosen[node] = 1;
    else notRun.push(graph.id(node));
  }
  const groups = groupsOf(graph, chosen);
  const waits = options.reverse === true ? reversed(groups.waits) : groups.waits;
  const wave = wavesOf(waits);
  const place = wave
    .map((_, group) => group)
    .sort((a, b) => at(wave, a) - at(wave, b) || (groups.sets[a]?.[0] ?? 0) - (groups.sets[b]?.[0] ?? 0));
  const numbers = new Int32Array(place.length);
  for (const [number, group] of place.entries()) numbers[group] = number;
  const renumber = (list: readonly number[] | undefined): number[] =>
    (list ?? []).map((group) => at(numbers, group)).sort((a, b) => a - b);
  const unlocks = reversed(waits);
  const steps = [...place].map((group): OrderStep => {
    const components = (groups.sets[group] ?? []).map((node) => graph.id(node));
    return {
      components,
      cycle: groups.cyclic.has(group),
      wave: at(wave, group),
      waitsFor: renumber(waits[group]),
      unlocks: renumber(unlocks[group]),
    };
  });
  return {
    steps,
    waves: wavesShown(steps),
    cycles: steps.filter((step) => step.cycle).map((step) => step.components),
    critical: criticalPath(steps, options.weight ?? (() => 1)),
    notRun,
  };
}

function runs(graph: Graph, node: number): boolean {
  const row = graph.component(node);
  return row.kind === 'component' && !row.external;
}

interface Groups {
  /** Chosen nodes by strong component, dependencies first. */
  readonly sets: readonly (readonly number[])[];
  readonly cyclic: ReadonlySet<number>;
  /** What a group waits for: other groups, directly or through nodes that were not chosen. */
  readonly waits: readonly (readonly number[])[];
}

function groupsOf(graph: Graph, chosen: Uint8Array): Groups {
  const { outStart, edgeTo } = graph.adjacency;
  const strong = strongComponents(graph);
  const sets: (readonly number[])[] = [];
  const cyclic = new Set<number>();
  const waits: (readonly number[])[] = [];
  /** By strong component: the group it is, or the groups that are behind it when none of it was chosen. */
  const behind: (readonly number[])[] = [];
  for (const [number, members] of strong.sets.entries()) {
    const before = new Set<number>();
    for (const node of members) {
      for (let edge = at(outStart, node); edge < at(outStart, node + 1); edge++) {
        const other = at(strong.of, at(edgeTo, edge));
        if (other !== number) for (const group of behind[other] ?? []) before.add(group);
      }
    }
    const taken = members.filter((node) => chosen[node] === 1);
    const list = [...before].sort((a, b) => a - b);
    if (taken.length === 0) {
      behind[number] = list;
      continue;
    }
    const [first = 0] = taken;
    if (taken.length > 1 || graph.edgeBetween(first, first) !== undefined) cyclic.add(sets.length);
    behind[number] = [sets.length];
    sets.push(taken);
    waits.push(list);
  }
  return { sets, cyclic, waits };
}

function reversed(waits: readonly (readonly number[])[]): number[][] {
  const other: number[][] = waits.map(() => []);
  for (const [group, list] of waits.entries()) for (const one of list) other[one]?.push(group);
  return other;
}

/** A group's wave is one more than the latest of those it waits for. Kahn 1962; the groups have no cycles. */
function wavesOf(waits: readonly (readonly number[])[]): Int32Array {
  const wave = new Int32Array(waits.length);
  const open = Int32Array.from(waits, (list) => list.length);
  const unlocks = reversed(waits);
  const ready = waits.flatMap((list, group) => (list.length === 0 ? [group] : []));
  for (let group = ready.pop(); group !== undefined; group = ready.pop()) {
    for (const next of unlocks[group] ?? []) {
      wave[next] = Math.max(at(wave, next), at(wave, group) + 1);
      open[next] = at(open, next) - 1;
      if (open[next] === 0) ready.push(next);
    }
  }
  return wave;
}

function wavesShown(steps: readonly OrderStep[]): ComponentId[][] {
  const waves: ComponentId[][] = [];
  for (const step of steps) {
    let wave = waves[step.wave];
    if (wave === undefined) waves[step.wave] = wave = [];
    wave.push(...step.components);
  }
  return waves.map((wave) => wave.sort());
}

/**
 * Longest chain by weight; steps are sorted by wave, so one pass is enough. Ties: the smallest step number. What is in a cycle, or
 * waits for one, never starts, so no chain through it takes any time.
 */
function criticalPath(steps: readonly OrderStep[], weight: (id: ComponentId) => number): Order['critical'] {
  const length: number[] = [];
  const before: (number | undefined)[] = [];
  const stuck: boolean[] = [];
  let last: number | undefined;
  for (const [number, step] of steps.entries()) {
    let longest: number | undefined;
    for (const wait of step.waitsFor) {
      if (longest === undefined || (length[wait] ?? 0) > (length[longest] ?? 0)) longest = wait;
    }
    const own = step.components.reduce((sum, id) => sum + weight(id), 0);
    before[number] = longest;
    length[number] = own + (longest === undefined ? 0 : (length[longest] ?? 0));
    stuck[number] = step.cycle || step.waitsFor.some((wait) => stuck[wait]);
    if (stuck[number]) continue;
    if (last === undefined || (length[number] ?? 0) > (length[last] ?? 0)) last = number;
  }
  const components: ComponentId[] = [];
  for (let number = last; number !== undefined; number = before[number]) {
    components.unshift(...(steps[number]?.components ?? []));
  }
  return { components, length: last === undefined ? 0 : (length[last] ?? 0) };
}

/**
 * For whoever makes work of an order: what is in a cycle cannot run, nor can what waits for it.
 * @throws KARMA_REFUSED with who is in the cycle
 */
export function mustHaveOrder({ cycles }: Pick<Order, 'cycles'>): void {
  const [first, ...others] = cycles;
  if (first === undefined) return;
  throw new KarmaError('KARMA_REFUSED', noOrder(first), {
    hint: `\`karma order\` names the references of the cycle${others.length === 0 ? '' : ` (and ${others.length} more)`}: cut one of them, or select without ${first.length === 1 ? 'it' : 'them'}`,
    details: { cycles },
  });
}

/** `no order exists: a, b depend on each other`, or of one that depends on itself. */
export function noOrder(members: readonly ComponentId[]): string {
  const [first = ''] = members;
  if (members.length === 1) return `no order exists: ${first} depends on itself`;
  const more = members.length > 10 ? ` and ${members.length - 10} more` : '';
  return `no order exists: ${members.slice(0, 10).join(', ')}${more} depend on each other`;
}
