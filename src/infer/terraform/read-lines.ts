import { evaluate } from '../../hcl/evaluate.ts';
import type { Scope } from '../../hcl/scope.ts';
import { EvaluationError } from '../../hcl/scope.ts';
import type { At, Expression } from '../../hcl/tree.ts';
import type { Place } from '../../hcl/value.ts';
import { placesIn } from '../../hcl/value.ts';
import { walkExpression } from './expression-walk.ts';

/**
 * At which line an expression of several lines reads a place: that of the part which stands for it, not of the argument that
 * the whole is given to. The parts are looked at when a line is asked for, once for all lines.
 */
export class ReadLines {
  readonly #expr: Expression;
  readonly #scope: Scope;
  readonly #at: At;
  #parts: readonly { readonly line: number; readonly places: readonly Place[] }[] | undefined;

  constructor(expr: Expression, scope: Scope, at: At) {
    this.#expr = expr;
    this.#scope = scope;
    this.#at = at;
  }

  lineOf(place: Place): number {
    this.#parts ??= this.#look();
    let [line, closest] = [this.#at.line, -1];
    for (const part of this.#parts)
      for (const one of part.places)
        if (one.steps.length > closest && leadsTo(one, place)) [line, closest] = [part.line, one.steps.length];
    return line;
  }

  /** Chains from a name on; what a loop brings in stands at the line of what the loop runs over. */
  #look(): { line: number; places: readonly Place[] }[] {
    const parts: { line: number; places: readonly Place[] }[] = [];
    let other = false;
    walkExpression(this.#expr, ({ at }) => {
      if (at.line !== this.#at.line) other = true;
    });
    if (!other) return parts;
    walkExpression(this.#expr, (part, bound) => {
      if (part.kind !== 'access' && part.kind !== 'splat' && part.kind !== 'variable') return;
      const root = rootOf(part);
      if (root === undefined || bound.has(root)) return;
      try {
        const places = placesIn(evaluate(part, this.#scope));
        if (places.length > 0) parts.push({ line: part.at.line, places });
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
      }
    });
    return parts;
  }
}

function leadsTo(one: Place, { source, steps }: Place): boolean {
  return one.source === source && one.steps.every((step, at) => step === steps[at]);
}

function rootOf(expr: Expression): string | undefined {
  let at = expr;
  while (at.kind === 'access' || at.kind === 'splat') at = at.on;
  return at.kind === 'variable' ? at.name : undefined;
}
