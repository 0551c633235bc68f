import { byCodeUnit } from '../model/digest.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Finding, Severity } from '../model/finding.ts';

/** Findings that one thing causes: to mend it mends all of them. */
export interface FindingCause {
  readonly code: string;
  readonly severity: Severity;
  /** Of the first finding, as its key is. */
  readonly message: string;
  readonly key: string;
  readonly hint?: string;
  /** Whom it is told of, sorted. */
  readonly subjects: readonly string[];
  /** How many findings it causes. */
  readonly findings: number;
  readonly evidence: readonly Evidence[];
}

/** Told wherever something outside is missing: the thing is the cause, not the many places that need it. */
const ofWhatIsNamed: ReadonlySet<string> = new Set([
  'dangling-reference',
  'foreign-read',
  'include-missing',
  'module-not-read',
  'module-source-floating',
  'source-not-read',
  'state-elsewhere',
]);

/** Told of a place that many run with values of their own: the place is the cause, whatever each of them makes of it. */
const ofThePlace: ReadonlySet<string> = new Set(['file-in-part', 'file-outside', 'file-unknown']);

/**
 * Findings by what causes them: what many need and is missing, told with the same words; else one place in one file, which many
 * read. Worst first, then by code, then by whom they are told of. O(findings).
 */
export function findingCauses(findings: readonly Finding[]): FindingCause[] {
  const groups = Map.groupBy(findings, causeOf);
  return [...groups.values()].map(causeFrom).sort(worstFirst);
}

const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** How many causes there are of each severity. */
export function countBySeverity(all: readonly { readonly severity: Severity }[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  for (const { severity } of all) counts[severity] += 1;
  return counts;
}

function causeOf({ code, severity, subject, key, message, evidence: [first] }: Finding): string {
  if (ofWhatIsNamed.has(code)) return [code, severity, message].join('\0');
  if (first?.file === undefined || first.line === undefined) return [code, severity, subject, key].join('\0');
  if (ofThePlace.has(code)) return [code, severity, first.site, first.file, first.line].join('\0');
  return [code, severity, message, first.file, first.line].join('\0');
}

function causeFrom(group: readonly Finding[]): FindingCause {
  const sorted = [...group].sort((a, b) => byCodeUnit(a.subject, b.subject) || byCodeUnit(a.key, b.key));
  const [first = noFinding] = sorted;
  const { code, severity, key, hint, evidence } = first;
  const others = new Set(sorted.map((one) => one.message)).size - 1;
  const message = others === 0 ? first.message : `${first.message} (and ${others} more of them here)`;
  return {
    code,
    severity,
    message,
    key,
    ...(hint === undefined ? {} : { hint }),
    subjects: [...new Set(sorted.map(({ subject }) => subject))],
    findings: group.length,
    evidence,
  };
}

const noFinding: Finding = { code: '', severity: 'info', subject: '', key: '', message: '', evidence: [] };

function worstFirst(a: FindingCause, b: FindingCause): number {
  return (
    rank[a.severity] - rank[b.severity] ||
    byCodeUnit(a.code, b.code) ||
    byCodeUnit(a.subjects[0] ?? '', b.subjects[0] ?? '') ||
    byCodeUnit(a.message, b.message) ||
    byCodeUnit(placeOf(a), placeOf(b)) ||
    byCodeUnit(a.key, b.key)
  );
}

function placeOf({ evidence: [first] }: FindingCause): string {
  return `${first?.file ?? ''}:${first?.line ?? ''}`;
}
