import { rangeFindings } from '../../graph/impact-of-change/range-findings.ts';
import type { Finding } from '../../model/finding.ts';
import type { EngineContext } from '../context.ts';
import { compareRange } from '../range/compare-range.ts';
import { findingsAbout } from '../view/findings-about.ts';
import { withNearest } from '../view/nearest-hints.ts';
import { type CheckAnswer, findingsOf, judge, judgedNodes } from './check.ts';

/**
 * Only what a range makes worse: findings of the later end that the earlier one does not have, and what it does to readers,
 * states and variables, which `karma impact --since` tells too.
 */
export async function checkSince(
  context: EngineContext,
  query: { readonly since: string; readonly accepted: ReadonlySet<string>; readonly selection: readonly string[] },
): Promise<CheckAnswer> {
  const { comparison, views, after } = await compareRange(context, query.since);
  const { graph } = views.after;
  const caused = rangeFindings(comparison);
  const isPart = query.selection.length > 0 && graph.size > 0;
  const nodes = isPart ? await judgedNodes(context, views.after, query.selection) : [...graph.ids.keys()];
  const nothing = graph.size === 0 ? findingsOf(context, views.after).filter(isNothing) : [];
  const all = [...comparison.findingsNew.filter(notTold(caused)), ...caused, ...nothing];
  const fresh = isPart ? all.filter(findingsAbout(views.after, nodes)) : all;
  const { findings, ...judged } = judge(fresh, query.accepted);
  return {
    view: after,
    components: nodes.filter((node) => !graph.isParameter(node)).length,
    ...judged,
    findings: withNearest(graph, findings),
    gone: 0,
  };
}

function isNothing({ code }: Finding): boolean {
  return code === 'nothing-recognised';
}

/** That a reader misses an output is what the writer's broken contract says already, at the same line. */
function notTold(caused: readonly Finding[]): (finding: Finding) => boolean {
  const places = new Set(
    caused.filter(({ code }) => code === 'contract-broken').flatMap(({ evidence }) => evidence.map(placeOf)),
  );
  return ({ code, evidence: [first] }) =>
    code !== 'contract-mismatch' || first === undefined || !places.has(placeOf(first));
}

function placeOf({ file, line }: Finding['evidence'][number]): string {
  return `${file ?? ''}:${line ?? ''}`;
}
