import { EvaluationError } from '../../../hcl/scope.ts';
import type { Expression } from '../../../hcl/tree.ts';
import type { Value } from '../../../hcl/value.ts';
import type { Frame } from './frame.ts';

export type Evaluated = { readonly value: Value } | { readonly error: EvaluationError };

export function attempt(frame: Frame, expression: Expression): Evaluated {
  try {
    return { value: frame.evaluate(expression) };
  } catch (error) {
    if (error instanceof EvaluationError) return { error };
    throw error;
  }
}

/** The value, or undefined where it fails or is not wholly of the kind asked for. */
export function known(frame: Frame, expression: Expression | undefined): Value | undefined {
  if (expression === undefined) return undefined;
  const result = attempt(frame, expression);
  return 'error' in result ? undefined : result.value;
}
