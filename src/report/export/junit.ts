import { byCodeUnit } from '../../model/digest.ts';
import type { Finding, Severity } from '../../model/finding.ts';
import { escapeXml } from '../escape-xml.ts';

export interface JunitOptions {
  /** What was checked: each is a test case, so that a clean estate shows what passed. */
  readonly subjects?: readonly string[];
  /** From which severity on a finding is a failure; `error` by default; the others are told in their case. */
  readonly failOn?: Severity;
}

const ranks: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

/** Findings as JUnit XML: a case for each component or other subject, a failure where it has findings that count. */
export function junitOf(findings: readonly Finding[], { subjects = [], failOn = 'error' }: JunitOptions = {}): string {
  const bySubject = Map.groupBy(findings, (finding) => finding.subject);
  const names = [...new Set([...subjects, ...bySubject.keys()])].sort(byCodeUnit);
  const counts = (finding: Finding): boolean => ranks[finding.severity] >= ranks[failOn];
  const failing = names.filter((name) => bySubject.get(name)?.some(counts) === true).length;
  const totals = `tests="${names.length}" failures="${failing}" errors="0"`;
  const cases = names.flatMap((name) => caseLines(name, bySubject.get(name) ?? [], counts));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="karma check" ${totals}>`,
    `  <testsuite name="karma check" ${totals}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}

function caseLines(name: string, findings: readonly Finding[], counts: (finding: Finding) => boolean): string[] {
  const head = `    <testcase classname="karma" name="${escaped(name)}"`;
  if (findings.length === 0) return [`${head}/>`];
  const failed = findings.filter(counts);
  const told = findings.filter((finding) => !counts(finding));
  const lines = [`${head}>`];
  const [first] = failed;
  // One failure a case: most readers show only the first.
  if (first !== undefined) {
    const more = failed.length > 1 ? ` (and ${failed.length - 1} more)` : '';
    const text = failed.map(sentence).join('\n');
    lines.push(
      `      <failure type="${escaped(first.code)}" message="${escaped(first.message + more)}">${escaped(text)}</failure>`,
    );
  }
  if (told.length > 0) lines.push(`      <system-out>${escaped(told.map(sentence).join('\n'))}</system-out>`);
  return [...lines, '    </testcase>'];
}

function sentence({ severity, code, message, hint, evidence }: Finding): string {
  const [place] = evidence;
  const line = place?.line === undefined ? '' : `:${place.line}`;
  const where = place?.file === undefined ? '' : ` (${place.file}${line})`;
  return `${severity} ${code}: ${message}${where}${hint === undefined ? '' : `\n  ${hint}`}`;
}

/** A line's end is written out: in an attribute it would be a space. */
function escaped(text: string): string {
  return escapeXml(text).replaceAll('\n', '&#10;');
}
