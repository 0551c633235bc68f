import { evaluate } from '../../hcl/evaluate.ts';
import { EvaluationError, type Scope } from '../../hcl/scope.ts';
import type { Expression } from '../../hcl/tree.ts';
import type { Value } from '../../hcl/value.ts';
import { isObject } from '../../hcl/value.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { chainOf } from './expression-walk.ts';
import type { ModuleInstance } from './instance.ts';

/**
 * The value that is written as JSON by an expression (`jsonencode(x)`, a local that holds it), with unknowns where only a
 * run could tell; undefined when it is no JSON that can be seen.
 */
export function jsonWritten(instance: ModuleInstance, expr: Expression, scope: Scope, depth = 0): Value | undefined {
  if (depth > 8) return undefined;
  if (expr.kind === 'call' && expr.name === 'jsonencode' && expr.args[0] !== undefined) {
    try {
      return evaluate(expr.args[0], scope);
    } catch (error) {
      if (error instanceof EvaluationError) return undefined;
      throw error;
    }
  }
  if (expr.kind === 'call' && /^(non)?sensitive$|^tostring$/.test(expr.name) && expr.args[0] !== undefined)
    return jsonWritten(instance, expr.args[0], scope, depth + 1);
  if (expr.kind === 'template' && expr.parts.length === 1 && expr.parts[0]?.kind === 'interpolation')
    return jsonWritten(instance, expr.parts[0].value, scope, depth + 1);
  const chain = expr.kind === 'access' ? chainOf(expr) : undefined;
  if (chain?.root !== 'local' || chain.steps.length !== 1) return undefined;
  const local = instance.module.locals.get(chain.steps[0] ?? '');
  return local === undefined ? undefined : jsonWritten(instance, local.value, instance, depth + 1);
}

/** The keys of an object, sorted; undefined when they cannot be told. */
export function keysIn(value: Value | undefined): readonly string[] | undefined {
  return value !== undefined && isObject(value) ? Object.keys(value).sort(byCodeUnit) : undefined;
}
