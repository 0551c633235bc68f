import { findOne } from '../graph/operations/find.ts';
import { type Why, why as whyOf } from '../graph/operations/why.ts';
import type { EngineContext } from './context.ts';
import { loadView } from './view/load-view.ts';
import { readersOf, stampOf, type ViewStamp, workingDirectoryOf } from './view/view.ts';

export interface WhyAnswer extends Why {
  readonly view: ViewStamp;
}

/** The evidence and path between two components. */
export async function why(context: EngineContext, from: string, to: string, at?: string): Promise<WhyAnswer> {
  const view = await loadView(context, at);
  const options = { workingDirectory: workingDirectoryOf(view), readersOf: readersOf(view) };
  return {
    view: stampOf(view),
    ...whyOf(view.graph, findOne(view.graph, from, options), findOne(view.graph, to, options)),
  };
}
