import type { Digest } from './record.ts';

/** What must hold of a component after a run, as its type declares it. Data only. */
export type DeclaredCheck = {
  readonly name: string;
  /** A digest of what it says: another check under the same name is another check. */
  readonly is: Digest;
  /** A sentence for whoever sees it fail. */
  readonly message?: string;
  /** Where it is declared. */
  readonly file: string;
  readonly line: number;
} & CheckMeans;

export type CheckMeans =
  /** A JSON Schema that the outputs must fit. */
  | { readonly kind: 'outputs'; readonly schema: unknown }
  /** A condition in CEL over `outputs`, `config` and `upstream`. */
  | { readonly kind: 'cel'; readonly text: string }
  /** A program and its arguments; it ends with 0 when all is well. */
  | { readonly kind: 'program'; readonly run: readonly string[] }
  /** It cannot be used, whatever the outputs are. */
  | { readonly kind: 'broken'; readonly why: string };

/** `unknown`: it could not be evaluated, which is not passing. */
export type CheckOutcome = 'passed' | 'failed' | 'unknown';

/** What one check said of one run. No reason quotes a value. */
export interface CheckResult {
  readonly name: string;
  readonly is: Digest;
  readonly outcome: CheckOutcome;
  /** Why it did not pass; empty when it did. */
  readonly reasons: readonly string[];
}

/** Those that did not pass, the failed ones first. */
export function notPassed(results: readonly CheckResult[] = []): readonly CheckResult[] {
  const of = (outcome: CheckOutcome) => results.filter((one) => one.outcome === outcome);
  return [...of('failed'), ...of('unknown')];
}

/** `the check reachable failed: nothing answers` */
export function checkInWords({ name, outcome, reasons }: CheckResult): string {
  const word = outcome === 'unknown' ? 'could not be evaluated' : outcome;
  return `the check ${name} ${word}${reasons.length === 0 ? '' : `: ${reasons.join('; ')}`}`;
}
