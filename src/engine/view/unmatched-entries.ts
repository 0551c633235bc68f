import type { Graph } from '../../graph/graph.ts';
import { matchesPattern } from '../../infer/layouts/adage/pattern.ts';
import { fitsEnvironment } from '../../infer/layouts/terraform/environment-guess.ts';
import type { EstateSettings } from '../../model/estate.ts';
import type { Finding } from '../../model/finding.ts';
import { findingKinds } from '../../model/finding-codes.ts';

/**
 * Entries of `karma.yaml` that no component fits: they do nothing, and a slip of the finger in one would never be noticed. That
 * what a reference leads to is not there is a dangling reference of its dependent; a denial of nothing is told by inference.
 * O(references + (patterns × components)).
 */
export function unmatchedEntries(graph: Graph, settings: EstateSettings): Finding[] {
  if (graph.size === 0) return [];
  const ids = graph.ids;
  const paths = (): string[] => ids.map((_, node) => graph.head(node).path);
  const references = (settings.references ?? [])
    .filter(({ deny, from }) => deny !== true && graph.node(from) === undefined)
    .map(({ from, to }) =>
      unmatched('references', `${from}|${to}`, `karma.yaml adds ${from} → ${to}, and no component is called ${from}`),
    );
  const placed = Object.keys(settings.bindings ?? {})
    .filter((pattern) => !ids.some((id) => matchesPattern(pattern, id)))
    .map((pattern) => unmatched('placement', pattern, `karma.yaml places ${pattern}, which no component fits`));
  const named = (settings.environments ?? [])
    .filter((entry) => !paths().some((path) => fitsEnvironment(entry, path)))
    .map(({ pattern }) =>
      unmatched('environments', pattern, `karma.yaml names the environment of ${pattern}, which no component fits`),
    );
  return [...references, ...placed, ...named];
}

function unmatched(part: string, name: string, message: string): Finding {
  return {
    code: 'entry-unmatched',
    severity: findingKinds['entry-unmatched'].severity,
    subject: 'estate',
    key: `${part}|${name}`,
    message,
    evidence: [{ rule: 'declared', site: `karma.yaml#/${part}`, file: 'karma.yaml' }],
  };
}
