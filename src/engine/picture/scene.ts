import type { Graph } from '../../graph/graph.ts';
import type { Comparison } from '../../graph/impact-of-change/compare.ts';
import { diff } from '../../graph/operations/diff.ts';
import type { ComponentId } from '../../model/component.ts';
import { KarmaError } from '../../model/errors.ts';
import { type Overlay, overlay } from '../../report/draw/overlay.ts';
import type { Mark } from '../../report/draw/picture.ts';
import type { EngineContext } from '../context.ts';
import { compareRange } from '../range/compare-range.ts';
import { renamesBetween } from '../range/renames.ts';
import { loadView } from '../view/load-view.ts';
import { type LoadedView, stampOf, type ViewStamp } from '../view/view.ts';

/** What a picture can be asked to lay over the graph; one of them at a time. */
export interface SceneQuery {
  readonly at?: string;
  readonly compare?: string;
  readonly since?: string;
  readonly impactOf?: readonly string[];
}

/** The graph to draw, and what stands out in it. */
export interface Scene {
  /** Its graph holds what is gone too, where two are compared. */
  readonly view: LoadedView;
  readonly before?: ViewStamp;
  readonly marks: ReadonlyMap<number, Mark>;
  readonly changeOf: Overlay['changeOf'];
  /** Whether what is marked is proved to be all. */
  readonly complete: boolean;
}

/** Who is affected when some things change. */
export interface Impacted {
  readonly targets: readonly { readonly id: ComponentId }[];
  readonly affected: readonly { readonly id: ComponentId }[];
  readonly possible: readonly ComponentId[];
  readonly complete: boolean;
}

/** @throws KARMA_USAGE where several things are to be laid over at once */
export async function sceneOf(
  context: EngineContext,
  query: SceneQuery,
  impactIn: (view: LoadedView, targets: readonly string[]) => Impacted,
): Promise<Scene> {
  const { at, compare, since, impactOf = [] } = query;
  const given = [compare === undefined ? '' : 'compare', since === undefined ? '' : 'since', impactOf[0] ?? ''];
  if (given.filter((one) => one !== '').length > 1)
    throw new KarmaError('KARMA_USAGE', 'a picture lays one thing over the graph: `compare`, `since` or `impactOf`');
  if (since !== undefined) {
    if (at !== undefined)
      throw new KarmaError('KARMA_USAGE', 'a picture of `since` is of the later end of its range; leave `at` out');
    return changeScene(context, since);
  }
  const view = await loadView(context, at);
  if (compare !== undefined) return comparedScene(context, await loadView(context, compare), view);
  const plain = { view, changeOf: () => undefined };
  if (impactOf.length === 0) return { ...plain, marks: new Map(), complete: true };
  const found = impactIn(view, impactOf);
  const marks = new Map<number, Mark>();
  mark(view.graph, marks, found.possible, 'possible');
  mark(view.graph, marks, idsOf(found.affected), 'affected');
  mark(view.graph, marks, idsOf(found.targets), 'start');
  return { ...plain, marks, complete: found.complete };
}

async function comparedScene(context: EngineContext, before: LoadedView, after: LoadedView): Promise<Scene> {
  const renames = await renamesBetween(context, before, after);
  const { graph, ...rest } = overlay(before.graph, after.graph, diff(before.graph, after.graph, { renames }));
  return { view: { ...after, graph }, before: stampOf(before), ...rest, complete: true };
}

async function changeScene(context: EngineContext, range: string): Promise<Scene> {
  const { views, comparison } = await compareRange(context, range);
  const { before, after } = views;
  const renames = new Map(comparison.moved.map(({ was, id }) => [was, id]));
  const { graph, changeOf } = overlay(before.graph, after.graph, diff(before.graph, after.graph, { renames }));
  return {
    view: { ...after, graph },
    before: stampOf(before),
    marks: marksOf(comparison, graph),
    changeOf,
    complete: comparison.complete,
  };
}

/** What a change makes of each node. */
export function marksOf(comparison: Comparison, graph: Graph): ReadonlyMap<number, Mark> {
  const marks = new Map<number, Mark>();
  mark(graph, marks, comparison.possible, 'possible');
  mark(graph, marks, idsOf(comparison.affected), 'affected');
  mark(graph, marks, idsOf([...comparison.changed, ...comparison.undecided]), 'changed');
  mark(graph, marks, comparison.added, 'added');
  mark(graph, marks, comparison.removed, 'removed');
  return marks;
}

function mark(graph: Graph, marks: Map<number, Mark>, ids: readonly ComponentId[], as: Mark): void {
  for (const id of ids) {
    const node = graph.node(id);
    if (node !== undefined) marks.set(node, as);
  }
}

function idsOf(list: readonly { readonly id: ComponentId }[]): ComponentId[] {
  return list.map(({ id }) => id);
}
