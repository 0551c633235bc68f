import { type CheckAnswer, judge } from './check.ts';
import type { EngineContext } from './context.ts';
import { compareRange } from './range/compare-range.ts';
import { selectNodes } from './view/select.ts';

/** Only what a range makes worse: findings of the later end that the earlier one does not have. */
export async function checkSince(
  context: EngineContext,
  query: { readonly since: string; readonly accepted: ReadonlySet<string>; readonly selection: readonly string[] },
): Promise<CheckAnswer> {
  const { comparison, views, after } = await compareRange(context, query.since);
  const chosen = new Set(
    (await selectNodes(context, views.after, query.selection)).map((node) => views.after.graph.id(node)),
  );
  const fresh =
    query.selection.length === 0
      ? comparison.findingsNew
      : comparison.findingsNew.filter(({ subject }) => chosen.has(subject));
  return { view: after, ...judge(fresh, query.accepted), gone: 0 };
}
