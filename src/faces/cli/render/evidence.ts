import type { Evidence } from '../../../model/evidence.ts';
import { printable, type Style } from './style.ts';

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
  if (evidence.expression !== undefined) parts.push(printable(evidence.expression));
  return parts.filter((part) => part !== '').join('  ');
}

export function pointers(consumes: readonly string[]): string {
  if (consumes.length === 0) return 'order only';
  return consumes.map((pointer) => (pointer === '*' ? 'all of it' : pointer)).join(', ');
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}
