import type { Expression } from './tree.ts';
import type { Unknown, Value } from './value.ts';

/**
 * What an expression may refer to. `lookup` answers a root name (`var`, `local`, `dependency`, a `for` variable); laziness
 * is the scope's business: it may answer an object whose members are computed on access by answering {@link Scope.traverse}.
 */
export interface Scope {
  /** The value of a root name, or undefined when there is no such root. */
  lookup(name: string): Value | undefined;
  /**
   * Called first for a chain of accesses on a root name with constant steps (`local.a.b`, `data.t.n.x`), so that only what is
   * named gets evaluated. Answers the value of the first `used` steps and how many it used (at least 1), or undefined to leave
   * the chain to `lookup`. `steps` holds the leading constant steps; a step that is not constant ends it.
   */
  traverse?(root: string, steps: readonly string[]): { readonly value: Value; readonly used: number } | undefined;
  /** Told of a value with unknowns that took part in evaluation while the result is known without it (`false && x`). */
  dropped?(value: Value): void;
  /** Functions beyond Terraform's own, by name; looked up first. */
  readonly functions?: Readonly<Record<string, ScopeFunction>>;
}

/** @param args evaluated left to right, unknowns included; the function decides what an unknown argument means. */
export type ScopeFunction = (args: readonly Value[], call: Extract<Expression, { kind: 'call' }>) => Value;

/** What evaluation throws when HCL itself would fail; `try` and `can` catch it, everyone else makes a finding or unknown. */
export class EvaluationError extends Error {
  readonly at: { readonly line: number; readonly column: number };
  constructor(message: string, at: { readonly line: number; readonly column: number }) {
    // Thrown by the thousand and caught where it matters: the stack of this program says nothing about the estate.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'EvaluationError';
    this.at = at;
  }
}

/** A call of a function that nobody here knows: the program that is run may know it, so nothing falls back because of it. */
export class UnknownFunctionError extends EvaluationError {
  /** What the call may answer: all that it is given takes part. */
  readonly answer: Unknown;
  constructor(message: string, at: EvaluationError['at'], answer: Unknown) {
    super(message, at);
    this.answer = answer;
  }
}
