import { evaluate } from '../../../hcl/evaluate.ts';
import { EvaluationError } from '../../../hcl/scope.ts';
import type { Value } from '../../../hcl/value.ts';
import { failingParts } from '../../terraform/failing-parts.ts';
import { flowOf, type SinkValue } from '../../terraform/sink-flow.ts';
import type { Sink } from '../../terraform/sinks.ts';

/** The sink's value; when it does not evaluate as a whole, that of each chain in it, since those still say what is read. */
export function sinkValues(sink: Sink): readonly SinkValue[] {
  let whole: Value;
  try {
    whole = evaluate(sink.expr, sink.scope);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return failingParts(sink.expr, sink.scope);
  }
  return flowOf(sink, whole);
}
