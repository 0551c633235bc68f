import type { Graph } from '../../graph/graph.ts';
import { nearestIds } from '../../graph/operations/find.ts';
import type { Finding } from '../../model/finding.ts';
import { editDistance } from '../../model/nearest.ts';

/** How many names may be compared for one answer: hints must not cost more than the answer. */
const budget = 200_000;

/**
 * Dangling references with the nearest name there is. It is worked out when somebody looks and never kept: what is nearest
 * depends on the whole graph, and a finding's row on its own component alone.
 */
export function withNearest(graph: Graph, findings: readonly Finding[]): readonly Finding[] {
  let left = graph.size === 0 ? 0 : Math.floor(budget / graph.size);
  return findings.map((finding) => {
    if (finding.code !== 'dangling-reference' || finding.hint !== undefined || left === 0) return finding;
    const wanted = idWanted(finding.key);
    if (wanted === undefined) return finding;
    left -= 1;
    const near = nearestIds(graph, wanted).filter((id) => id !== finding.subject && isLike(wanted, id));
    return near.length === 0 ? finding : { ...finding, hint: `did you mean ${near.slice(0, 3).join(' or ')}?` };
  });
}

/** Most of two paths is mostly the same: what makes a slip of the finger is the last step. */
function isLike(wanted: string, id: string): boolean {
  const [a, b] = [lastStep(wanted), lastStep(id)];
  const limit = Math.max(1, Math.floor(a.length / 2));
  return editDistance(a, b, limit) <= limit;
}

function lastStep(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
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
