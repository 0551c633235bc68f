import { object, text } from '../../config/shape-parts.ts';
import { findOne } from '../../graph/operations/find.ts';
import { type ComponentOutputs, outputsOf } from '../../graph/operations/outputs.ts';
import type { ComponentId } from '../../model/component.ts';
import type { EngineContext } from '../context.ts';
import { loadView } from '../view/load-view.ts';
import { type Proved, provedReaders } from '../view/proved.ts';
import { readersOf, stampOf, type ViewStamp, workingDirectoryOf } from '../view/view.ts';
import { at, defineVerb } from './verb.ts';

export interface OutputsAnswer extends ComponentOutputs, Proved {
  readonly view: ViewStamp;
  readonly component: ComponentId;
}

export async function outputs(context: EngineContext, id: string, at?: string): Promise<OutputsAnswer> {
  const view = await loadView(context, at);
  const node = findOne(view.graph, id, { workingDirectory: workingDirectoryOf(view), readersOf: readersOf(view) });
  const component = view.graph.id(node);
  return { view: stampOf(view), component, ...outputsOf(view.graph, node), ...provedReaders(view, component) };
}

export const outputsVerb = defineVerb({
  about: "A component's outputs, and who reads each.",
  query: object('Which.', { id: text('A component.'), at }, 'id'),
  writes: 'nothing',
  isSmall: true,
  run: (context, { id, at: when }) => outputs(context, id, when),
});
