import type { FindingCause } from '../../../engine/view/shown-findings.ts';
import { printableLine, type Style } from './style.ts';

/** So many are named of those that one cause is told of; JSON has all. */
const mostNamed = 3;

/** Each cause with its place and the next step; what is the same for several is said once. */
export function causeLines(causes: readonly FindingCause[], style: Style): string[] {
  const told = new Set<string>();
  return causes.flatMap(({ code, severity, message, hint, subjects, evidence: [first] }) => {
    const paint = severity === 'error' ? style.red : severity === 'warning' ? style.yellow : style.blue;
    const place = first?.file === undefined ? '' : `${first.file}${first.line === undefined ? '' : `:${first.line}`}`;
    const isNew = hint !== undefined && !told.has(hint);
    if (isNew) told.add(hint);
    return [
      `  ${paint(severity.padEnd(7))} ${code}  ${printableLine(subjectsShown(subjects))}`,
      `          ${printableLine(message)}${place === '' ? '' : `  ${style.dim(printableLine(place))}`}`,
      ...(isNew ? [`          ${style.dim(printableLine(hint))}`] : []),
    ];
  });
}

function subjectsShown(subjects: readonly string[]): string {
  const more = subjects.length > mostNamed ? ` and ${subjects.length - mostNamed} more` : '';
  return `${subjects.slice(0, mostNamed).map(subjectShown).join(', ')}${more}`;
}

/** The module that is the estate's root has an empty name. */
function subjectShown(subject: string): string {
  return subject === 'type ' ? 'type . (the root)' : subject;
}
