import type { Finding, Severity } from '../../../model/finding.ts';
import { findingKinds } from '../../../model/finding-codes.ts';
import { printableLine, type Style } from './style.ts';

const kinds: Readonly<Record<string, { readonly mend: string } | undefined>> = findingKinds;
const order: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Worst first, then by code and subject. */
export function bySeverity(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      order[a.severity] - order[b.severity] ||
      (a.code < b.code ? -1 : a.code > b.code ? 1 : 0) ||
      (a.subject < b.subject ? -1 : 1),
  );
}

/** Each with its place and the next step: its own hint, or once a code what the code says. */
export function findingLines(findings: readonly Finding[], style: Style): string[] {
  const told = new Set<string>();
  return bySeverity(findings).flatMap((finding) => {
    const mend = told.has(finding.code) ? undefined : kinds[finding.code]?.mend;
    const hint = finding.hint ?? mend;
    if (finding.hint === undefined) told.add(finding.code);
    const paint = finding.severity === 'error' ? style.red : finding.severity === 'warning' ? style.yellow : style.blue;
    const [evidence] = finding.evidence;
    const place =
      evidence?.file === undefined ? '' : `${evidence.file}${evidence.line === undefined ? '' : `:${evidence.line}`}`;
    return [
      `  ${paint(finding.severity.padEnd(7))} ${finding.code}  ${printableLine(subjectShown(finding.subject))}`,
      `          ${printableLine(finding.message)}${place === '' ? '' : `  ${style.dim(printableLine(place))}`}`,
      ...(hint === undefined ? [] : [`          ${style.dim(printableLine(hint))}`]),
    ];
  });
}

/** The module that is the estate's root has an empty name. */
function subjectShown(subject: string): string {
  return subject === 'type ' ? 'type . (the root)' : subject;
}
