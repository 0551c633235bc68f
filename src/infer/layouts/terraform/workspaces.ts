import { evaluate } from '../../../hcl/evaluate.ts';
import { EvaluationError } from '../../../hcl/scope.ts';
import type { Expression } from '../../../hcl/tree.ts';
import { isObject } from '../../../hcl/value.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import { chainOf, walkBody, walkExpression } from '../../terraform/expression-walk.ts';
import type { ModuleInstance } from '../../terraform/instance.ts';

export interface WorkspaceUse {
  /** Whether the module names `terraform.workspace` at all. */
  readonly used: boolean;
  /** Names that the module itself gives: keys of maps that the workspace chooses from, texts it is compared with. Sorted. */
  readonly names: readonly string[];
}

/** How a module uses the workspace's name. */
export function workspaceUse(instance: ModuleInstance): WorkspaceUse {
  let used = false;
  const names = new Set<string>();
  const visit = (expr: Expression) =>
    walkExpression(expr, (part) => {
      if (isWorkspace(part)) used = true;
      else if (part.kind === 'access' && part.step.kind === 'index' && isWorkspace(part.step.key))
        for (const key of keysOf(part.on, instance)) names.add(key);
      else if (
        part.kind === 'call' &&
        part.name === 'lookup' &&
        isWorkspace(part.args[1]) &&
        part.args[0] !== undefined
      )
        for (const key of keysOf(part.args[0], instance)) names.add(key);
      else if (part.kind === 'binary' && part.op === '==' && (isWorkspace(part.left) || isWorkspace(part.right))) {
        const other = isWorkspace(part.left) ? part.right : part.left;
        if (other.kind === 'literal' && typeof other.value === 'string') names.add(other.value).add('default');
      }
    });
  const { module } = instance;
  for (const { value } of module.locals.values()) visit(value);
  for (const { body } of [...module.resources.values(), ...module.calls.values(), ...module.outputs.values()])
    walkBody(body, visit);
  for (const { block } of module.providers.values()) walkBody(block.body, visit);
  return { used, names: [...names].sort(byCodeUnit) };
}

function isWorkspace(expr: Expression | undefined): boolean {
  if (expr?.kind === 'template' && expr.parts.length === 1 && expr.parts[0]?.kind === 'interpolation')
    return isWorkspace(expr.parts[0].value);
  const chain = expr?.kind === 'access' ? chainOf(expr) : undefined;
  return chain?.root === 'terraform' && chain.steps[0] === 'workspace';
}

function keysOf(expr: Expression, instance: ModuleInstance): readonly string[] {
  try {
    const value = evaluate(expr, instance);
    return isObject(value) ? Object.keys(value) : [];
  } catch (error) {
    if (error instanceof EvaluationError) return [];
    throw error;
  }
}
