import type { CheckResult } from '../../../model/check.ts';
import { printable } from '../../../model/printable.ts';
import type { Style } from './style.ts';

/** `failed   reachable  nothing answers at the port` */
export function checkLine({ name, outcome, reasons }: CheckResult, style: Style): string {
  const paint = { passed: style.green, failed: style.red, unknown: style.yellow }[outcome];
  const why = reasons.length === 0 ? '' : `  ${printable(reasons.join('; '))}`;
  return `${paint(outcome.padEnd(7))}  ${printable(name)}${why}`;
}
