import { toBool, toNumber, toText } from '../../../hcl/convert.ts';
import { evaluate } from '../../../hcl/evaluate.ts';
import { EvaluationError } from '../../../hcl/scope.ts';
import type { Body, Expression } from '../../../hcl/tree.ts';
import { isList, isObject, isUnknown, isWhollyKnown, Unknown, type Value } from '../../../hcl/value.ts';
import type { FileView } from '../../../model/file-view.ts';
import { walkExpression } from '../expression-walk.ts';
import { ModuleInstance } from '../instance.ts';
import type { ModuleLoader } from '../load-module.ts';
import type { Module } from '../module.ts';
import type { Quiet } from './module-changes.ts';
import { type ModuleNode, modulesOf } from './module-tree.ts';
import { isText, type Part } from './parts.ts';

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

const primitives: Readonly<Record<string, (value: Value) => unknown>> = {
  string: toText,
  number: toNumber,
  bool: toBool,
};

function fits(type: Expression, value: Value): boolean {
  if (value === null) return true;
  if (isUnknown(value)) return false;
  if (type.kind === 'variable') {
    const convert = Object.hasOwn(primitives, type.name) ? primitives[type.name] : undefined;
    if (convert === undefined) return type.name === 'any';
    try {
      convert(value);
      return true;
    } catch {
      return false;
    }
  }
  if (type.kind !== 'call') return false;
  const [inner] = type.args;
  // Members of one type are made of members of several, if they can be: that is not followed.
  if (inner === undefined || (inner.kind === 'variable' && inner.name === 'any')) return false;
  if (type.name === 'list' || type.name === 'set') return isList(value) && value.every((one) => fits(inner, one));
  if (type.name === 'map')
    return isObject(value) && !isList(value) && Object.values(value).every((one) => fits(inner, one));
  if (type.name !== 'object' || inner.kind !== 'object' || !isObject(value)) return false;
  return inner.items.every(({ key, value: of }) => {
    const name = key.kind === 'literal' ? String(key.value) : undefined;
    if (name === undefined) return false;
    const optional = of.kind === 'call' && of.name === 'optional' ? of.args[0] : undefined;
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    if (member === undefined) return optional !== undefined;
    return fits(optional ?? of, member);
  });
}

/**
 * A mention of something as such, an attribute of a block that is not repeated, or a collection of those: nothing in it can
 * fail. Whether a block has such an attribute is for its provider to say, and is taken from who wrote it.
 */
function isPlain(expr: Expression, module: Module): boolean {
  if (expr.kind === 'literal') return true;
  if (expr.kind === 'tuple') return expr.items.every((item) => isPlain(item, module));
  if (expr.kind === 'object')
    return expr.items.every(({ key, value }) => key.kind === 'literal' && isPlain(value, module));
  const names = namesIn(expr);
  if (names === undefined) return false;
  const [first = '', second = ''] = names;
  if (first === 'var' || first === 'local') return names.length === 2;
  if (first === 'module') return names.length === 3 && isOnce(module.calls.get(second));
  const address = names.slice(0, -1).join('.');
  return isOnce(module.resources.get(address));
}

/** `a`, `b`, `c` of `a.b.c`. */
function namesIn(expr: Expression): readonly string[] | undefined {
  const names: string[] = [];
  let at = expr;
  for (; at.kind === 'access'; at = at.on) {
    if (at.step.kind !== 'attr') return undefined;
    names.unshift(at.step.name);
  }
  return at.kind === 'variable' ? [at.name, ...names] : undefined;
}

function isOnce(block: { readonly body: Body } | undefined): boolean {
  return block !== undefined && !['count', 'for_each'].some((name) => block.body.attributes.has(name));
}
