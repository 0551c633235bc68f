import { object, text } from '../../config/shape-parts.ts';
import { withSeverities } from '../../graph/finding-rules.ts';
import { rangeFindings } from '../../graph/impact-of-change/range-findings.ts';
import type { Finding } from '../../model/finding.ts';
import type { EngineContext } from '../context.ts';
import { readsBroken } from '../range/broken-reads.ts';
import { compareRange } from '../range/compare-range.ts';
import { findingsAbout } from '../view/findings-about.ts';
import { withNearest } from '../view/nearest-hints.ts';
import { shownCauses } from '../view/shown-findings.ts';
import type { LoadedView } from '../view/view.ts';
import { acceptedOf, type CheckAnswer, findingsOf, judge, judgedNodes, judging } from './check.ts';
import { defineVerb } from './verb.ts';

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
  const isPart = query.selection.length > 0 && graph.size > 0;
  const nodes = isPart ? await judgedNodes(context, views.after, query.selection) : [...graph.ids.keys()];
  const nothing = graph.size === 0 ? findingsOf(context, views.after).filter(isNothing) : [];
  const rules = views.after.estate?.karmaFile?.findings ?? [];
  const caused = withSeverities(rangeFindings(comparison), rules);
  const broken = readsBroken(comparison);
  const all = [...comparison.findingsNew.filter((one) => !broken.told(one)), ...caused, ...nothing];
  const fresh = isPart ? all.filter(aboutThese(views.after, nodes, broken.readers)) : all;
  const { findings, ...judged } = judge(fresh, query.accepted);
  const hinted = withNearest(graph, findings);
  return {
    view: after,
    components: nodes.filter((node) => !graph.isParameter(node)).length,
    ...judged,
    findings: hinted,
    causes: shownCauses(graph, hinted),
    gone: 0,
  };
}

function isNothing({ code }: Finding): boolean {
  return code === 'nothing-recognised';
}

/** What breaks under a component is about it as well as about the one that breaks it. */
function aboutThese(
  view: LoadedView,
  nodes: readonly number[],
  readers: (finding: Finding) => ReadonlySet<string>,
): (finding: Finding) => boolean {
  const about = findingsAbout(view, nodes);
  const ids = new Set(nodes.map((node) => view.graph.id(node)));
  return (finding) => about(finding) || [...readers(finding)].some((id) => ids.has(id));
}

export const checkSinceVerb = defineVerb({
  about: 'Only what a Git range makes worse.',
  query: object('Which range.', { since: text('REV, A..B or main...HEAD.'), ...judging }, 'since'),
  writes: 'nothing',
  run: (context, { since, select: selection = [], ...rest }, { here }) =>
    checkSince(context, { since, selection, accepted: acceptedOf(context, rest, here) }),
});
