import { choice, object, text, texts } from '../../config/shape-parts.ts';
import type { FindingCause } from '../../graph/findings-by-cause.ts';
import { unclaimedStates } from '../../graph/impact-of-change/state-changes.ts';
import { mustHaveOrder } from '../../graph/operations/order.ts';
import type { ComponentId } from '../../model/component.ts';
import { paths0 } from '../../report/draw/paths.ts';
import { writeMarkdown } from '../../report/impact/markdown.ts';
import { githubMatrix, gitlabPipeline, jobsOf } from '../../report/impact/pipelines.ts';
import { atlantisConfig, diggerConfig, type RunOf } from '../../report/impact/projects.ts';
import { summaryLine, verdictLine } from '../../report/impact/summary.ts';
import type { EngineContext } from '../context.ts';
import { changePage } from '../picture/change-page.ts';
import { type ComparedRange, compareRange, type RangeAnswer } from '../range/compare-range.ts';
import { orderAfter } from '../range/order-after.ts';
import { shownCauses } from '../view/shown-findings.ts';
import { defineVerb } from './verb.ts';

export { inDeployments, keyWithin } from '../../graph/deployments.ts';
export { possibleLines } from '../../graph/impact-of-change/possible.ts';
export { shownPair } from '../../report/impact/shown-value.ts';

export interface SinceAnswer extends RangeAnswer {
  readonly range: string;
  /** Two lines: what a range does, and what to make of it. */
  readonly summary: readonly [string, string];
  /** New findings by what causes them, worst first. */
  readonly causes: readonly FindingCause[];
  /** State addresses of a listing that nothing claims at the later end. */
  readonly unclaimed?: readonly string[];
}

/** What a Git range does to the estate. */
export async function impactSince(
  context: EngineContext,
  range: string,
  listing?: readonly string[],
): Promise<{ readonly answer: SinceAnswer; readonly compared: ComparedRange }> {
  const compared = await compareRange(context, range);
  const { before, after, comparison, ends, fixed } = compared;
  const answer: SinceAnswer = {
    range,
    summary: [summaryLine(comparison), verdictLine(comparison)],
    before,
    after,
    comparison,
    fixed,
    causes: shownCauses(ends.after.graph, comparison.findingsNew),
    ...(listing === undefined ? {} : { unclaimed: unclaimedStates(ends.after, listing) }),
  };
  return { answer, compared };
}

export const sinceFormats = ['markdown', 'html', 'matrix', 'gitlab', 'paths0', 'atlantis', 'digger'] as const;
export type SinceFormat = (typeof sinceFormats)[number];

export function writeSince(compared: ComparedRange, range: string, format: SinceFormat): string {
  const { graph } = compared.ends.after;
  const order = orderAfter(compared);
  const { changed, undecided, affected } = compared.comparison;
  const concerned = new Map([...changed, ...undecided, ...affected].map(({ id, deployments }) => [id, deployments]));
  const deploymentsOf = (id: ComponentId) => concerned.get(id);
  const runOf: RunOf = (id, deployment) => {
    const roots = compared.ends.after.claim(id)?.run?.roots;
    return roots !== undefined && Object.hasOwn(roots, deployment) ? roots[deployment] : undefined;
  };
  switch (format) {
    case 'markdown':
      return writeMarkdown(compared.comparison, { range, graph, fixed: compared.fixed });
    case 'html':
      return changePage(compared, range);
    case 'matrix':
      return githubMatrix(jobsOf(graph, order, deploymentsOf));
    case 'gitlab':
      return gitlabPipeline(graph, order, deploymentsOf);
    case 'atlantis':
      return atlantisConfig(graph, order, { deploymentsOf, runOf });
    case 'digger':
      return diggerConfig(graph, order, { deploymentsOf, runOf });
    case 'paths0':
      mustHaveOrder(order);
      return paths0(
        graph,
        order.waves
          .flat()
          .map((id) => graph.node(id))
          .filter((node) => node !== undefined),
      );
  }
}

export const impactSinceVerb = defineVerb({
  about: 'What a Git range changes: what really differs, what provably does not, who is affected.',
  query: object(
    'Which range.',
    {
      since: text('REV, A..B or main...HEAD.'),
      listing: texts('State addresses that a bucket holds, to find what nothing claims.'),
    },
    'since',
  ),
  writes: 'nothing',
  run: async (context, { since, listing }) => (await impactSince(context, since, listing)).answer,
});

export const impactTextVerb = defineVerb({
  about: 'The same as a text for other programs: a comment, a matrix, a pipeline.',
  query: object(
    'Which range, and for whom.',
    { since: text('REV, A..B or main...HEAD.'), format: choice('The form.', ...sinceFormats) },
    'since',
    'format',
  ),
  writes: 'nothing',
  run: async (context, { since, format }) => {
    const { compared } = await impactSince(context, since);
    const { changed, undecided, added, removed } = compared.comparison;
    return {
      format,
      text: writeSince(compared, since, format),
      /** Whether anything changes at all. */
      something: changed.length + undecided.length + added.length + removed.length > 0,
    };
  },
});
