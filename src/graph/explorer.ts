import type { Graph } from './graph.ts';
import { cycles } from './operations/cycles.ts';
import { diff } from './operations/diff.ts';
import { leaves, orphans, roots } from './operations/ends.ts';
import { type FindOptions, find, findAll, findOne } from './operations/find.ts';
import { groupBy } from './operations/group-by.ts';
import { describeAffected, type Impact, type ImpactOptions, type ImpactStart, impact } from './operations/impact.ts';
import { dependencies, dependents } from './operations/neighbours.ts';
import { type OrderOptions, order } from './operations/order.ts';
import { outputsOf } from './operations/outputs.ts';
import { type WhyOptions, why } from './operations/why.ts';

/** Everything one can ask of a graph; each question stands in a file of its own under `operations/`. */
export function explore(graph: Graph) {
  return {
    graph,
    find: (text: string, options?: FindOptions) => find(graph, text, options),
    findOne: (text: string, options?: FindOptions) => findOne(graph, text, options),
    findAll: (text: string, options?: FindOptions) => findAll(graph, text, options),
    dependencies: (nodes: Iterable<number>, depth?: number) => dependencies(graph, nodes, depth),
    dependents: (nodes: Iterable<number>, depth?: number) => dependents(graph, nodes, depth),
    impact: (starts: readonly ImpactStart[], options?: ImpactOptions) => impact(graph, starts, options),
    describeAffected: (found: Impact, node: number) => describeAffected(graph, found, node),
    why: (a: number, b: number, options?: WhyOptions) => why(graph, a, b, options),
    order: (nodes: Iterable<number>, options?: OrderOptions) => order(graph, nodes, options),
    cycles: () => cycles(graph),
    roots: () => roots(graph),
    leaves: () => leaves(graph),
    orphans: () => orphans(graph),
    outputs: (node: number) => outputsOf(graph, node),
    groupBy: (key: string, nodes?: Iterable<number>) => groupBy(graph, key, nodes),
    diff: (after: Graph) => diff(graph, after),
  };
}

export type Explorer = ReturnType<typeof explore>;
