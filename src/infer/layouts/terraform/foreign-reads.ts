import type { ClaimBlindSpot } from '../../../model/claim.ts';
import type { Finding } from '../../../model/finding.ts';
import { findingAt } from '../../terraform/findings.ts';
import { foreignSystem } from '../../terraform/foreign-systems.ts';
import type { Resource } from '../../terraform/module.ts';
import { queriesOf } from '../../terraform/queries.ts';
import { withoutKeys } from '../../terraform/sinks.ts';
import type { EvaluatedRoot } from './deployment.ts';

/** What a root module reads that Karma cannot follow: systems of others, and programs. */
export function foreignReads(
  id: string,
  { instance }: EvaluatedRoot,
): {
  readonly findings: readonly Finding[];
  readonly blindSpots: readonly ClaimBlindSpot[];
} {
  const findings: Finding[] = [];
  const blindSpots: ClaimBlindSpot[] = [];
  for (const { address, resource } of queriesOf(instance, isRead)) {
    const site = withoutKeys(address);
    const place = { site, file: resource.file, line: resource.at.line };
    if (resource.type === 'external') {
      findings.push(findingAt('program-unread', id, site, `${site} runs a program`, place));
      blindSpots.push({ component: id, code: 'program-unread', evidence: { rule: 'program-unread', ...place } });
    }
    const system = foreignSystem(resource.type);
    if (system === undefined) continue;
    findings.push(findingAt('foreign-read', id, site, `${site} reads ${system}`, place));
    blindSpots.push({ component: id, code: 'foreign-read', evidence: { rule: 'foreign-read', ...place } });
  }
  return { findings, blindSpots };
}

function isRead({ mode }: Resource): boolean {
  return mode !== 'managed';
}
