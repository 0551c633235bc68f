import type { Graph } from '../../graph/graph.ts';
import { compileGlob } from '../../graph/selection/glob.ts';
import { matchesPattern } from '../../infer/layouts/adage/pattern.ts';
import { fitsEnvironment } from '../../infer/layouts/terraform/environment-guess.ts';
import type { ComponentId } from '../../model/component.ts';
import type { Assumption, EstateSettings } from '../../model/estate.ts';
import type { Finding } from '../../model/finding.ts';
import { findingKinds } from '../../model/finding-codes.ts';
import { hideInText } from '../../model/secrets/text.ts';
import { idleAssumptions } from './doubts.ts';

/**
 * Entries of `karma.yaml` that no component fits: they do nothing, and a slip of the finger in one would never be noticed. That
 * what a reference leads to is not there is a dangling reference of its dependent; a denial of nothing is told by inference.
 * O(references + (patterns × components) + (assumptions × blind spots)).
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
  const assumed = idleAssumptions(graph, settings.assume ?? []).map((entry) => {
    const what = wordsOf(entry);
    return unmatched(
      'assume',
      what,
      `karma.yaml assumes that ${what} touches nothing here, and nothing unread is such`,
    );
  });
  const components = ids.filter((_, node) => !graph.isParameter(node));
  const read = (settings.readOutside ?? [])
    .filter((reads) => !components.some(isCalled(reads)))
    .map((reads) => unmatched('consumers', reads, `karma.yaml says who reads ${reads}, which no component fits`));
  return [...references, ...placed, ...named, ...assumed, ...read];
}

function isCalled(reads: string): (id: ComponentId) => boolean {
  const matches = compileGlob(reads);
  return (id) => id === reads || matches(id);
}

/** `source=git::https://x/**, code=module-not-read` */
function wordsOf({ source, component, code }: Assumption): string {
  const parts = Object.entries({ source, component, code }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${hideInText(value)}`],
  );
  return parts.join(', ') || 'whatever was not read';
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
