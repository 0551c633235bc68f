import type { Evidence } from '../../../model/evidence.ts';
import { printable } from '../../../model/printable.ts';
import type { Style } from './style.ts';

/** One line of evidence: the rule, the place, and the expression as written. */
export function evidenceLine(evidence: Evidence, style: Style): string {
  const place =
    evidence.file === undefined ? '' : `${evidence.file}${evidence.line === undefined ? '' : `:${evidence.line}`}`;
  const parameter =
    evidence.parameter === undefined
      ? ''
      : `${evidence.parameter}${evidence.version === undefined ? '' : ` version ${evidence.version}`}`;
  const parts = [
    style.dim(evidence.rule),
    printable(place === '' ? parameter : place),
    style.dim(printable(evidence.site)),
  ];
  if (evidence.expression !== undefined) parts.push(printable(shownExpression(evidence.expression)));
  return parts.filter((part) => part !== '').join('  ');
}

/**
 * The rest of the line on which an expression begins, without what aligns it, and without what follows it: an item of a list
 * ends at a comma or a bracket that it did not open. Text in quotes stays as it is.
 */
export function shownExpression(text: string): string {
  let depth = 0;
  let shown = '';
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"?|\s+|[^"\s]/g)) {
    if (/^[[({]$/.test(part)) depth += 1;
    else if (/^[\])}]$/.test(part)) depth -= 1;
    if (depth < 0 || (depth === 0 && part === ',')) break;
    shown += part.trim() === '' ? ' ' : part;
  }
  return shown.trim();
}

/** @param most how many are named; the rest is counted, as a table must stay readable */
export function pointers(consumes: readonly string[], most = Number.POSITIVE_INFINITY): string {
  if (consumes.length === 0) return 'order only';
  const named = consumes.slice(0, most).map((pointer) => (pointer === '*' ? 'all of it' : pointer));
  const rest = consumes.length - named.length;
  return `${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

/** `1,234,567`. By hand: asking for a locale loads all of them, which takes longer than most answers. */
function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}
