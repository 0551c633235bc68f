import type { ComponentId } from '../../model/component.ts';
import { at } from '../adjacency.ts';
import type { Graph } from '../graph.ts';
import { reach } from '../operations/reach.ts';
import type { Evaluation, SelectionContext } from './context.ts';
import { type Bound, type Expression, onlyExcludes } from './expression.ts';
import { selectionFault } from './fault.ts';
import { matchAttribute } from './match-attribute.ts';
import { matchPath, within } from './match-path.ts';
import { parseSelection } from './parse.ts';

export interface Selection {
  /** In id order. */
  readonly nodes: readonly number[];
  /** Operands that name something and found nothing, with the nearest names: for a line on stderr. */
  readonly unmatched: readonly { readonly text: string; readonly nearest: readonly ComponentId[] }[];
}

/**
 * The components that selections name. Several are a union; those that only take away (`!a`, `!a | !b`) are applied after
 * all others, each measured against the same set; without any other they take away from everything. No selection: all
 * components. Parameters are only selected by name.
 *
 * `|` refines from left to right: what stands on the right is looked for within what the left found, and the answer holds
 * only what matches both, traversals included. O(nodes) an operand, O(edges reached) a traversal.
 *
 * @throws KARMA_SELECTION, KARMA_AMBIGUOUS
 */
export function select(graph: Graph, texts: readonly string[], context: SelectionContext = {}): Selection {
  const everything = [...graph.ids.keys()].filter((node) => !graph.isParameter(node));
  const unmatched = new Map<string, readonly ComponentId[]>();
  const queries = texts.map((text) => ({ text, expression: parseSelection(text) }));
  const run = (text: string, expression: Expression, among: ReadonlySet<number>): ReadonlySet<number> =>
    evaluate({ graph, text, context, unmatched }, expression, among);
  const all = new Set(everything);
  const adding = queries.filter(({ expression }) => !onlyExcludes(expression));
  const chosen = new Set(adding.length === 0 ? everything : []);
  for (const { text, expression } of adding) for (const node of run(text, expression, all)) chosen.add(node);
  const rejected = new Set<number>();
  for (const { text, expression } of queries) {
    if (!onlyExcludes(expression)) continue;
    const kept = run(text, expression, chosen);
    for (const node of chosen) if (!kept.has(node)) rejected.add(node);
  }
  return {
    nodes: [...chosen].filter((node) => !rejected.has(node)).sort((a, b) => a - b),
    unmatched: [...unmatched].map(([text, nearest]) => ({ text, nearest })),
  };
}

function evaluate(run: Evaluation, expression: Expression, among: ReadonlySet<number>): ReadonlySet<number> {
  switch (expression.is) {
    case 'path':
      return matchPath(run, expression, among);
    case 'attribute':
      return matchAttribute(run, expression, among);
    case 'git':
      return changedBetween(run, expression, among);
    case 'not': {
      const out = evaluate(run, expression.of, among);
      return new Set([...among].filter((node) => !out.has(node)));
    }
    case 'and': {
      const left = evaluate(run, expression.left, among);
      const right = evaluate(run, expression.right, left);
      return new Set([...right].filter((node) => left.has(node)));
    }
    case 'graph':
      return traverse(run, expression, among);
  }
}

function changedBetween(
  { graph, text, context }: Evaluation,
  { from, to, at: column }: Expression & { readonly is: 'git' },
  among: ReadonlySet<number>,
): ReadonlySet<number> {
  if (context.changedIn === undefined) {
    throw selectionFault(text, column, 'a Git range cannot be answered here', 'There is no Git repository to compare.');
  }
  const nodes = new Set<number>();
  for (const id of context.changedIn(from, to)) {
    const node = graph.node(id);
    if (node !== undefined && among.has(node)) nodes.add(node);
  }
  return nodes;
}

/** Depth counts from each target by itself, so a node is in if it is near enough to any of them. */
function traverse(
  run: Evaluation,
  { target, dependents, dependencies, withoutTarget }: Expression & { readonly is: 'graph' },
  among: ReadonlySet<number>,
): ReadonlySet<number> {
  const targets = evaluate(run, target, among);
  const nodes = new Set(withoutTarget ? [] : targets);
  const walk = (bound: Bound | undefined, direction: 'dependents' | 'dependencies'): void => {
    if (bound === undefined || targets.size === 0) return;
    const { edgeFrom, edgeTo } = run.graph.adjacency;
    const [starts, ends] = direction === 'dependents' ? [edgeTo, edgeFrom] : [edgeFrom, edgeTo];
    const inside = bound.within === undefined ? undefined : within(run, bound.within);
    const room = bound.depth ?? Number.POSITIVE_INFINITY;
    const follow = (edge: number): boolean => inside === undefined || inside(at(ends, edge));
    const found = reach(run.graph, targets, direction, { depth: room, follow });
    for (const node of found.nodes) if (!run.graph.isParameter(node)) nodes.add(node);
    if (!withoutTarget) return;
    // A target that another target leads to was reached as well, as in Terragrunt: `^` leaves out only what nothing leads to.
    for (const edge of run.graph.adjacency.edgeTo.keys()) {
      const distance = found.distanceOf(at(starts, edge));
      if (distance >= 0 && distance < room && targets.has(at(ends, edge)) && follow(edge)) nodes.add(at(ends, edge));
    }
  };
  walk(dependents, 'dependents');
  walk(dependencies, 'dependencies');
  return nodes;
}
