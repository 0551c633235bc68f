import { evaluate } from '../../../hcl/evaluate.ts';
import { EvaluationError } from '../../../hcl/scope.ts';
import type { Value } from '../../../hcl/value.ts';
import { walkExpression } from '../../terraform/expression-walk.ts';
import type { Sink } from '../../terraform/sinks.ts';

/** What flows into a sink. */
export interface SinkValue {
  readonly value: Value;
  /** The value is merely passed on here. */
  readonly handsOn: boolean;
}

/** The sink's value; when it does not evaluate as a whole, that of each chain in it, since those still say what is read. */
export function sinkValues(sink: Sink): SinkValue[] {
  const whole = attempt(sink, sink.expr);
  if (whole !== undefined) return [{ value: whole, handsOn: sink.handsOn }];
  const values: SinkValue[] = [];
  walkExpression(sink.expr, (part) => {
    if (part === sink.expr || (part.kind !== 'access' && part.kind !== 'splat' && part.kind !== 'variable')) return;
    const value = attempt(sink, part);
    if (value !== undefined) values.push({ value, handsOn: true });
  });
  return values;
}

function attempt({ scope }: Sink, expr: Sink['expr']): Value | undefined {
  try {
    return evaluate(expr, scope);
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}
