import { evaluate } from '../../../hcl/evaluate.ts';
import { EvaluationError } from '../../../hcl/scope.ts';
import type { Value } from '../../../hcl/value.ts';
import { walkExpression } from '../../terraform/expression-walk.ts';
import { flowOf, type SinkValue } from '../../terraform/sink-flow.ts';
import type { Sink } from '../../terraform/sinks.ts';

/** The sink's value; when it does not evaluate as a whole, that of each chain in it, since those still say what is read. */
export function sinkValues(sink: Sink): readonly SinkValue[] {
  const whole = attempt(sink, sink.expr);
  if (whole !== undefined) return flowOf(sink, whole);
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
