import type { Graph } from '../../graph/graph.ts';
import { compileGlob } from '../../graph/selection/glob.ts';
import { type Selection, select } from '../../graph/selection/select.ts';
import { matchesPattern } from '../../infer/layouts/adage/pattern.ts';
import { fitsEnvironment } from '../../infer/layouts/terraform/environment-guess.ts';
import type { ComponentId } from '../../model/component.ts';
import { isKarmaError } from '../../model/errors.ts';
import type { Assumption, EstateSettings, Policy } from '../../model/estate.ts';
import type { Finding } from '../../model/finding.ts';
import { findingKinds } from '../../model/finding-codes.ts';
import { nearest } from '../../model/nearest.ts';
import { hideInText } from '../../model/secrets/text.ts';
import { idleAssumptions } from './blind-spots.ts';

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
      unmatched(
        'references',
        `${from}|${to}`,
        `karma.yaml adds ${from} → ${to}, and no component is called ${from}${meant(from, ids)}`,
      ),
    );
  const placed = Object.keys(settings.bindings ?? {})
    .filter((pattern) => !ids.some((id) => matchesPattern(pattern, id)))
    .map((pattern) =>
      unmatched('placement', pattern, `karma.yaml places ${pattern}, which no component fits${meant(pattern, ids)}`),
    );
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
    .map((reads) =>
      unmatched('consumers', reads, `karma.yaml says who reads ${reads}, which no component fits${meant(reads, ids)}`),
    );
  return [...references, ...placed, ...named, ...assumed, ...read, ...idlePolicies(graph, settings.policies ?? [])];
}

/** Policies of which one side fits no component: they forbid nothing. One that cannot be read is told as such. */
function idlePolicies(graph: Graph, policies: readonly Policy[]): Finding[] {
  return policies.flatMap(({ name, ...sides }) =>
    (['from', 'to'] as const).flatMap((side) => {
      const selection = sides[side];
      const found = selection === undefined ? undefined : selected(graph, selection);
      if (found === undefined || found.nodes.length > 0) return [];
      const near = found.unmatched.flatMap(({ nearest: names }) => names);
      return unmatched(
        'policies',
        `${name}|${side}`,
        `policy \`${name}\` forbids nothing: no component fits ${side}: ${selection}${suggestion(near)}`,
      );
    }),
  );
}

function selected(graph: Graph, selection: string): Selection | undefined {
  try {
    return select(graph, [selection]);
  } catch (error) {
    if (!isKarmaError(error)) throw error;
    return undefined;
  }
}

function meant(name: string, ids: readonly ComponentId[]): string {
  return suggestion(nearest(name, ids));
}

function suggestion([near]: readonly string[]): string {
  return near === undefined ? '' : `; did you mean ${near}?`;
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
