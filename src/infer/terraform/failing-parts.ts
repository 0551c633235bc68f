import { evaluate } from '../../hcl/evaluate.ts';
import type { Scope } from '../../hcl/scope.ts';
import { EvaluationError } from '../../hcl/scope.ts';
import type { Expression } from '../../hcl/tree.ts';
import { walkExpression } from './expression-walk.ts';
import type { SinkValue } from './sink-flow.ts';

/**
 * An expression that fails still says what it reads: each chain in it by itself. Where the longest of them would have gone
 * nobody knows, so they are taken whole; of one that fails its beginning is looked at, and taken whole too where nobody knows
 * which step failed.
 */
export function failingParts(expr: Expression, scope: Scope): readonly SinkValue[] {
  const values: SinkValue[] = [];
  const [beginnings, covered] = [new Set<Expression>(), new Set<Expression>()];
  walkExpression(expr, (part, bound) => {
    const on = part.kind === 'access' || part.kind === 'splat' ? part.on : undefined;
    if (on !== undefined && !isComputedStep(part)) beginnings.add(on);
    if (on === undefined && part.kind !== 'variable') return;
    if (covered.has(part)) {
      if (on !== undefined) covered.add(on);
      return;
    }
    if (part === expr || bound.has(rootOf(part) ?? '')) return;
    try {
      values.push({ value: evaluate(part, scope), handsOn: beginnings.has(part) });
      if (on !== undefined) covered.add(on);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
    }
  });
  return values;
}

const isComputedStep = (expr: Expression): boolean =>
  expr.kind === 'access' && expr.step.kind === 'index' && expr.step.key.kind !== 'literal';

/** The name that a chain of accesses and splats begins with. */
function rootOf(expr: Expression): string | undefined {
  let at = expr;
  while (at.kind === 'access' || at.kind === 'splat') at = at.on;
  return at.kind === 'variable' ? at.name : undefined;
}
