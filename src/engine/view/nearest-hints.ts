import type { Graph } from '../../graph/graph.ts';
import { NearestIds } from '../../graph/operations/nearest-ids.ts';
import type { Finding } from '../../model/finding.ts';

/** For so many different names the nearest is looked for in one answer: nobody reads more of them, and each costs a little. */
const mostAsked = 100;

/**
 * Dangling references with the nearest name there is. It is worked out for what is shown and never kept: what is nearest depends
 * on the whole graph, and a finding's row on its own component alone.
 */
export function withNearest<T extends Pick<Finding, 'code' | 'hint' | 'key' | 'subject'>>(
  graph: Graph,
  findings: readonly T[],
): readonly T[] {
  let index: NearestIds | undefined;
  return findings.map((finding) => {
    if (finding.code !== 'dangling-reference' || finding.hint !== undefined) return finding;
    const wanted = idWanted(finding.key);
    if (wanted === undefined) return finding;
    index ??= new NearestIds(graph.ids);
    if (index.asked >= mostAsked && !index.has(wanted)) return finding;
    const near = index.to(wanted).filter((id) => id !== finding.subject);
    return near.length === 0 ? finding : { ...finding, hint: `did you mean ${near.join(' or ')}?` };
  });
}

/** `unit:live/dev/vpc`, `component:dev/vpc/main`, `param:dev:/iac/vpc/main/runtime`: the id that was meant. */
function idWanted(key: string): string | undefined {
  const [kind = '', ...rest] = key.split(':');
  if (kind === 'unit' || kind === 'component') return rest.join(':');
  if (kind !== 'param') return undefined;
  const [, type, nickname] = /\/([^/]+)\/([^/]+)\/(?:runtime|config)(?:\/|$)/.exec(rest.slice(1).join(':')) ?? [];
  const environment = rest[0]?.split('@')[0];
  return type === undefined || environment === undefined ? undefined : `${environment}/${type}/${nickname}`;
}
