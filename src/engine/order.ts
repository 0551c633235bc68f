import type { Graph } from '../graph/graph.ts';
import { type Cycle, cycles } from '../graph/operations/cycles.ts';
import { type Order, order as orderOf } from '../graph/operations/order.ts';
import type { EngineContext } from './context.ts';
import { loadView } from './view/load-view.ts';
import { selectNodes } from './view/select.ts';
import { stampOf, type ViewStamp } from './view/view.ts';

export interface OrderAnswer {
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
  const chosen = new Set(answer.cycles.flat());
  return {
    view: stampOf(view),
    graph: view.graph,
    order: answer,
    cycles: cycles(view.graph).filter(({ path }) => path.every((id) => chosen.has(id))),
  };
}
