import { findingKinds } from '../model/finding-codes.ts';
import type { Row } from '../model/rows.ts';
import type { Verdicts } from './resolve.ts';
import { findingRow } from './rows-of-claims.ts';

/** Findings about denials of `karma.yaml` that denied nothing. @param denied pairs `from|to` that were denied */
export function unmatchedDenials(verdicts: Verdicts, denied: Iterable<readonly string[]>): Row[] {
  const denials = verdicts.filter((verdict) => verdict.deny === true);
  if (denials.length === 0) return [];
  const matched = new Set([...denied].flat());
  return denials
    .filter(({ from, to }) => !matched.has(`${from}|${to}`))
    .map(({ from, to }) =>
      findingRow({
        code: 'denial-unmatched',
        severity: findingKinds['denial-unmatched'].severity,
        subject: 'estate',
        key: `${from}|${to}`,
        message: `karma.yaml denies ${from} → ${to}, which inference does not find`,
        evidence: [{ rule: 'declared', site: 'karma.yaml#/references', file: 'karma.yaml' }],
      }),
    );
}
