import { withSeverities } from '../../graph/finding-rules.ts';
import { type FindingCause, findingCauses } from '../../graph/findings-by-cause.ts';
import type { Graph } from '../../graph/graph.ts';
import type { LayoutName } from '../../model/component.ts';
import type { Finding } from '../../model/finding.ts';
import { mendOf } from '../../model/finding-codes.ts';
import { withNearest } from './nearest-hints.ts';
import type { LoadedView } from './view.ts';

export { countBySeverity, type FindingCause } from '../../graph/findings-by-cause.ts';

/** Every finding of a view, as bad as `karma.yaml` says. */
export function findingsIn({ graph, estate }: LoadedView): readonly Finding[] {
  return withSeverities(graph.findings(), estate?.karmaFile?.findings ?? []);
}

/** Findings by cause, worst first, each with its next step. */
export function shownCauses(graph: Graph, findings: readonly Finding[]): readonly FindingCause[] {
  return withNextSteps(graph, findingCauses(findings));
}

/**
 * Causes with the next step of each: its own hint, the nearest name, or what its code says for the layout that it is about.
 * Whoever shows a few hands in those few.
 */
export function withNextSteps(graph: Graph, causes: readonly FindingCause[]): readonly FindingCause[] {
  const layoutOf = layouts(graph);
  const named = withNearest(
    graph,
    causes.map((cause) => ({ ...cause, subject: cause.subjects[0] ?? '' })),
  );
  return named.map(({ subject, ...cause }) => {
    const hint = cause.hint ?? mendOf(cause.code, layoutOf(subject));
    return hint === undefined ? cause : { ...cause, hint };
  });
}

/** The layout that a finding is about: its component's, that of who runs its module, or the only one there is. */
function layouts(graph: Graph): (subject: string) => LayoutName | undefined {
  const ofModules = new Map<string, LayoutName>();
  const all = new Set<LayoutName>();
  for (let node = 0; node < graph.size; node++) {
    const { layout, module } = graph.head(node);
    ofModules.set(`type ${module}`, layout);
    all.add(layout);
  }
  const [only] = all;
  return (subject) => {
    const node = graph.node(subject);
    if (node !== undefined) return graph.head(node).layout;
    return ofModules.get(subject) ?? (all.size === 1 ? only : undefined);
  };
}
