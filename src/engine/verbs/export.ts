import { object } from '../../config/shape-parts.ts';
import { exportLines } from '../../report/export/jsonl.ts';
import type { EngineContext } from '../context.ts';
import { hintsOf } from '../view/hints.ts';
import { loadView } from '../view/load-view.ts';
import { stampOf, type ViewStamp } from '../view/view.ts';
import { at, defineVerb } from './verb.ts';

export { junitOf } from '../../report/export/junit.ts';
export { sarifOf } from '../../report/export/sarif.ts';

/** The whole graph, one JSON object a line, in a stable order. */
export async function exportGraph(context: EngineContext, at?: string): Promise<Iterable<string>> {
  return exportLines((await loadView(context, at)).graph);
}

/** The same, with plausible references behind it. */
export async function exportWithHints(context: EngineContext, at?: string): Promise<Iterable<string>> {
  const hints = (await hintsOf(context, at)).map((hint) => JSON.stringify({ kind: 'reference', ...hint }));
  return [...exportLines((await loadView(context, at)).graph), ...hints];
}

/** The same as one document. */
export async function graphDocument(
  context: EngineContext,
  at?: string,
): Promise<{ readonly view: ViewStamp; readonly rows: readonly unknown[] }> {
  const view = await loadView(context, at);
  return { view: stampOf(view), rows: [...exportLines(view.graph)].map((line) => JSON.parse(line) as unknown) };
}

export const exportVerb = defineVerb({
  about: 'The whole graph, a row each component, reference and finding.',
  query: object('When.', { at }),
  writes: 'nothing',
  run: (context, query) => graphDocument(context, query.at),
});
