import { choice, object, text } from '../../config/shape-parts.ts';
import type { Graph } from '../../graph/graph.ts';
import { type Cycle, cycles } from '../../graph/operations/cycles.ts';
import { mustHaveOrder, type Order, order as orderOf } from '../../graph/operations/order.ts';
import type { ComponentId } from '../../model/component.ts';
import type { EngineContext } from '../context.ts';
import { matrixOf } from '../matrix.ts';
import { orderAfter } from '../range/order-after.ts';
import { loadView } from '../view/load-view.ts';
import { type Proved, provedDependencies } from '../view/proved.ts';
import { selectNodes } from '../view/select.ts';
import { stampOf, type ViewStamp } from '../view/view.ts';
import { impactSince } from './impact-since.ts';
import { at, defineVerb, reverse, select } from './verb.ts';

/** `complete`: nothing that could not be read may put another component before one of these. */
export interface OrderAnswer extends Proved {
  readonly view: ViewStamp;
  readonly graph: Graph;
  readonly order: Order;
  /** One concrete path for each cycle within the selection. */
  readonly cycles: readonly Cycle[];
}

export async function order(
  context: EngineContext,
  query: { readonly at?: string; readonly selection: readonly string[]; readonly reverse: boolean },
): Promise<OrderAnswer> {
  const view = await loadView(context, query.at);
  const nodes = await selectNodes(context, view, query.selection);
  const answer = orderOf(view.graph, nodes, { reverse: query.reverse });
  return {
    view: stampOf(view),
    graph: view.graph,
    order: answer,
    cycles: cyclesIn(view.graph, answer),
    ...provedDependencies(view, nodes),
  };
}

/** Names in the order in which they run, for other programs. @throws KARMA_REFUSED where there is none */
export function namesInOrder(order: Order): readonly ComponentId[] {
  mustHaveOrder(order);
  return order.waves.flat();
}

/** One concrete path for each cycle of an order. */
function cyclesIn(graph: Graph, answer: Order): readonly Cycle[] {
  const chosen = new Set(answer.cycles.flat());
  return chosen.size === 0 ? [] : cycles(graph).filter(({ path }) => path.every((id) => chosen.has(id)));
}

export interface OrderSince extends Omit<OrderAnswer, 'view'> {
  readonly range: string;
}

/** The order of what a Git range makes necessary, of a selection of it where one is given. */
export async function orderSince(
  context: EngineContext,
  range: string,
  query: { readonly selection: readonly string[]; readonly reverse: boolean },
): Promise<OrderSince> {
  const { compared } = await impactSince(context, range);
  const { graph } = compared.ends.after;
  const among =
    query.selection.length === 0
      ? {}
      : { among: new Set(await selectNodes(context, compared.views.after, query.selection)) };
  const answer = orderAfter(compared, { reverse: query.reverse, ...among });
  const { blindSpots, unread, complete } = compared.comparison;
  return { range, graph, order: answer, cycles: cyclesIn(graph, answer), blindSpots, unread, complete };
}

export const orderVerb = defineVerb({
  about: 'The order in which components run: waves, cycles, critical path.',
  query: object('Which.', { select, reverse, at }),
  writes: 'nothing',
  run: async (context, { select: selection = [], reverse: backwards = false, at: when }) => {
    const answer = await order(context, {
      selection,
      reverse: backwards,
      ...(when === undefined ? {} : { at: when }),
    });
    const { graph: _, ...document } = answer;
    return document;
  },
});

export const orderSinceVerb = defineVerb({
  about: 'The order of what a Git range makes necessary.',
  query: object('Which range.', { since: text('REV, A..B or main...HEAD.'), select, reverse }, 'since'),
  writes: 'nothing',
  run: async (context, { since, select: selection = [], reverse: backwards = false }) => {
    const {
      graph: _,
      cycles: circles,
      ...found
    } = await orderSince(context, since, {
      selection,
      reverse: backwards,
    });
    return { ...found, ...(circles.length === 0 ? {} : { cycles: circles }) };
  },
});

export const orderTextVerb = defineVerb({
  about: 'The same as a text for other programs: a job matrix, a pipeline.',
  query: object(
    'Which, and for whom.',
    {
      format: choice('The form.', 'matrix', 'gitlab'),
      since: text('Only what a Git range makes necessary: REV, A..B or main...HEAD.'),
      select,
      reverse,
      at,
    },
    'format',
  ),
  writes: 'nothing',
  run: async (context, { format, since, select: selection = [], reverse: backwards = false, at: when }) => {
    const query = { selection, reverse: backwards };
    const answer =
      since === undefined
        ? await order(context, { ...query, ...(when === undefined ? {} : { at: when }) })
        : await orderSince(context, since, query);
    return { format, text: matrixOf(answer.graph, answer.order, format) };
  },
});
