import type { Finding, FindingRule } from '../model/finding.ts';
import { compileGlob } from './selection/glob.ts';

/**
 * Findings as an estate judges them: the first rule of `karma.yaml` that fits says how bad one is. What was found, its name in a
 * baseline and every row stay as they are.
 */
export function withSeverities(findings: readonly Finding[], rules: readonly FindingRule[]): readonly Finding[] {
  if (rules.length === 0) return findings;
  const tests = rules.map((rule) => ({ rule, fits: fitting(rule) }));
  return findings.map((finding) => {
    const found = tests.find(({ fits }) => fits(finding));
    return found === undefined || found.rule.severity === finding.severity
      ? finding
      : { ...finding, severity: found.rule.severity };
  });
}

/** How many findings each rule decides, in the order of the rules: one that decides none is out of date, or misspelt. */
export function decidedBy(findings: readonly Finding[], rules: readonly FindingRule[]): readonly number[] {
  const tests = rules.map(fitting);
  const counts = rules.map(() => 0);
  for (const finding of findings) {
    const place = tests.findIndex((fits) => fits(finding));
    if (place >= 0) counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}

/** A path is that of whom it is told of, or of a file that shows it. */
function fitting({ code, path }: FindingRule): (finding: Finding) => boolean {
  const isPlace = path === undefined ? () => true : compileGlob(path);
  return (finding) => (code === undefined || code === finding.code) && placesOf(finding).some(isPlace);
}

function placesOf({ subject, evidence }: Finding): string[] {
  // A module's folder has in front of it that it is one.
  return [subject.replace(/^type /, ''), ...evidence.flatMap(({ file }) => (file === undefined ? [] : [file]))];
}
