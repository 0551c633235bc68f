import type { Graph } from '../../graph/graph.ts';
import { findOne } from '../../graph/operations/find.ts';
import { KarmaError } from '../../model/errors.ts';
import { between, inFocus, shortestBetween } from '../../report/draw/in-focus.ts';
import { defaultLimit } from '../../report/draw/picture-of.ts';
import type { EngineContext } from '../context.ts';
import { selectNodes } from '../view/select.ts';
import { type LoadedView, readersOf, workingDirectoryOf } from '../view/view.ts';

export interface ChoiceQuery {
  readonly select?: readonly string[];
  readonly root?: readonly string[];
  readonly depth?: number;
  readonly direction?: 'both' | 'dependencies' | 'dependents';
  readonly dependenciesOf?: readonly string[];
  readonly dependentsOf?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly hide?: readonly string[];
  readonly find?: readonly string[];
  readonly limit?: number;
}

/** What is drawn of a graph. */
export interface Chosen {
  readonly shows: 'all' | 'selection' | 'focus' | 'ways';
  readonly nodes: readonly number[];
  /** Roots and ends: never within a group. */
  readonly apart: readonly number[];
  readonly found: readonly number[];
  /** In words, what of it was left out. */
  readonly notes: readonly string[];
}

/** @throws KARMA_NOT_FOUND, KARMA_SELECTION, KARMA_USAGE */
export async function chosenOf(context: EngineContext, view: LoadedView, query: ChoiceQuery): Promise<Chosen> {
  const named = async (selection: readonly string[] = []): Promise<readonly number[]> =>
    selection.length === 0 ? [] : selectNodes(context, view, selection);
  const start = await startOf(context, view, query, named);
  const hidden = new Set(await named(query.hide));
  const nodes = start.nodes.filter((node) => !hidden.has(node));
  const left = start.nodes.length - nodes.length;
  return {
    ...start,
    nodes,
    apart: start.apart.filter((node) => !hidden.has(node)),
    found: await named(query.find),
    notes: left === 0 ? start.notes : [...start.notes, `${left} hidden as asked`],
  };
}

type Named = (selection?: readonly string[]) => Promise<readonly number[]>;

async function startOf(
  context: EngineContext,
  view: LoadedView,
  query: ChoiceQuery,
  named: Named,
): Promise<Omit<Chosen, 'found'>> {
  const { select = [], root = [], from, to } = query;
  const ends = waysAsked(root, from, to);
  const selected = select.length === 0 ? undefined : new Set(await named(select));
  const within = (nodes: readonly number[]) =>
    selected === undefined ? nodes : nodes.filter((node) => selected.has(node));
  if (ends !== undefined) {
    const { nodes, apart, notes } = ways(view, ends, query.limit ?? defaultLimit);
    return { shows: 'ways', nodes, apart, notes };
  }
  if (root.length > 0) {
    const roots = await named(root);
    const nodes = inFocus(view.graph, {
      roots,
      depth: query.depth ?? 1,
      direction: query.direction ?? 'both',
      dependenciesOf: await named(query.dependenciesOf),
      dependentsOf: await named(query.dependentsOf),
    });
    const kept = new Set(roots);
    return { shows: 'focus', nodes: [...new Set([...within(nodes), ...kept])], apart: roots, notes: [] };
  }
  // Of an estate in which nothing is recognised this says so.
  const all = await selectNodes(context, view, []);
  return { shows: selected === undefined ? 'all' : 'selection', nodes: within(all), apart: [], notes: [] };
}

function waysAsked(
  root: readonly string[],
  from: string | undefined,
  to: string | undefined,
): { readonly from: string; readonly to: string } | undefined {
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined || to === undefined || root.length > 0)
    throw new KarmaError('KARMA_USAGE', 'the ways between two components are asked by `from` and `to`, without `root`');
  return { from, to };
}

/** All ways between two components, in either direction; where that is too much to read, the shortest. */
function ways(
  view: LoadedView,
  ends: { readonly from: string; readonly to: string },
  limit: number,
): Pick<Chosen, 'nodes' | 'apart' | 'notes'> {
  const options = { workingDirectory: workingDirectoryOf(view), readersOf: readersOf(view) };
  const { graph } = view;
  const [a, b] = [findOne(graph, ends.from, options), findOne(graph, ends.to, options)];
  const apart = a === b ? [a] : [a, b];
  const [from, to] = between(graph, a, b).length > 0 ? [a, b] : [b, a];
  const all = between(graph, from, to);
  if (all.length === 0)
    return { nodes: apart, apart, notes: [`no reference leads from one to the other: ${namesOf(graph, apart)}`] };
  if (all.length <= limit) return { nodes: all, apart, notes: [] };
  const nodes = shortestBetween(graph, from, to);
  return { nodes, apart, notes: [`${all.length - nodes.length} on longer ways not drawn`] };
}

function namesOf(graph: Graph, nodes: readonly number[]): string {
  return nodes.map((node) => graph.id(node)).join(', ');
}
