import { evaluate } from '../../../hcl/evaluate.ts';
import { EvaluationError } from '../../../hcl/scope.ts';
import type { Expression } from '../../../hcl/tree.ts';
import { isWhollyKnown, Unknown, type Value } from '../../../hcl/value.ts';
import type { FileView } from '../../../model/file-view.ts';
import { walkExpression } from '../expression-walk.ts';
import { ModuleInstance } from '../instance.ts';
import type { ModuleLoader } from '../load-module.ts';
import { fits } from './fits.ts';
import type { Quiet } from './module-changes.ts';
import { isText, type Part } from './module-parts.ts';
import { type ModuleNode, modulesOf } from './module-tree.ts';
import { isPlain } from './plain.ts';

/**
 * Whether what differs and is used by nobody, or means nothing else to those who use it, is evaluated without fail: Terraform
 * evaluates it all the same, so a run would break where it is not.
 *
 * @param mayBeGiven whether a variable of the root may be given a value
 */
export function areSafe(
  tree: ModuleNode,
  quiet: readonly Quiet[],
  loader: ModuleLoader,
  view: FileView,
  mayBeGiven: (variable: string) => boolean = () => false,
): boolean {
  const callers = new Map<ModuleNode, readonly [ModuleNode, string]>();
  for (const node of modulesOf(tree)) for (const [name, child] of node.children) callers.set(child, [node, name]);
  const instances = new Map<ModuleNode, ModuleInstance>();
  const instanceOf = (node: ModuleNode): ModuleInstance => {
    let instance = instances.get(node);
    if (instance === undefined) {
      // What they are given may be anything, whatever the defaults are.
      instance = new ModuleInstance(node.module, { loader, view, variables: (name) => Unknown.at(`var.${name}`) });
      instances.set(node, instance);
    }
    return instance;
  };
  // Where Terraform runs is another place for a module that is called.
  const restsOnPlace = (expr: Expression, { prefix }: ModuleNode) => prefix !== '' && mentionsPath(expr);
  const isSafe = (expr: Expression | undefined, node: ModuleNode) =>
    expr === undefined || (!restsOnPlace(expr, node) && isEvaluated(expr, instanceOf(node)));
  return quiet.every(({ node, part, known }) => {
    if (!isSaidInWords(part, node)) return false;
    if (part.kind === 'variable') {
      const variable = node.module.variables.get(part.id.slice('var.'.length));
      if (variable === undefined || !isOfType(variable.default, variable.type, instanceOf(node))) return false;
      // Nothing is mentioned or called there.
      if (variable.default !== undefined && !isWrittenOut(variable.default)) return false;
      // Null is refused where it is no value.
      if (!variable.nullable && isNull(variable.default)) return false;
      const [caller, name] = callers.get(node) ?? [];
      if (known) return true;
      // Of a root, what it is given may be of another type.
      if (caller === undefined || name === undefined)
        return variable.default !== undefined && (variable.type === undefined || !mayBeGiven(variable.name));
      const argument = caller.module.calls.get(name)?.body.attributes.get(variable.name)?.value;
      if (argument === undefined) return variable.default !== undefined;
      if (!variable.nullable && variable.default === undefined) return false;
      if (variable.type === undefined) return isSafe(argument, caller);
      return isOfType(argument, variable.type, instanceOf(caller));
    }
    if (part.kind === 'argument') {
      const child = node.children.get(part.call?.name ?? '');
      return child?.module.variables.has(part.id.slice(part.id.indexOf('(') + 1, -1)) === true;
    }
    if (known) return true;
    if (part.kind === 'local') return isSafe(part.value, node);
    if (part.kind === 'output') return isSafe(part.body?.attributes.get('value')?.value, node);
    return false;
  });
}

/** What is written for people is a text as such: anything else is refused. */
function isSaidInWords({ kind, id, body }: Part, { module }: ModuleNode): boolean {
  const said = kind === 'variable' ? module.variables.get(id.slice('var.'.length))?.body : body;
  const words = ['description', 'deprecated'].map((name) => said?.attributes.get(name)?.value);
  return words.every((value) => value === undefined || isText(value));
}

function isWrittenOut(expr: Expression): boolean {
  let isOut = true;
  walkExpression(expr, ({ kind }) => {
    if (kind === 'variable' || kind === 'call' || kind === 'for') isOut = false;
  });
  return isOut;
}

function isNull(expr: Expression | undefined): boolean {
  return expr?.kind === 'literal' && expr.value === null;
}

function mentionsPath(expr: Expression): boolean {
  let mentions = false;
  walkExpression(expr, (one) => {
    if (one.kind === 'variable' && one.name === 'path') mentions = true;
  });
  return mentions;
}

function isEvaluated(expr: Expression, instance: ModuleInstance): boolean {
  const value = evaluated(expr, instance);
  return value !== undefined && (isWhollyKnown(value) || isPlain(expr, instance.module));
}

function evaluated(expr: Expression, instance: ModuleInstance): Value | undefined {
  try {
    return evaluate(expr, instance);
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

/** Whether a value is known and Terraform takes it under a type constraint. */
function isOfType(expr: Expression | undefined, type: Expression | undefined, instance: ModuleInstance): boolean {
  if (expr === undefined) return true;
  const value = evaluated(expr, instance);
  return value !== undefined && isWhollyKnown(value) && (type === undefined || fits(type, value));
}
