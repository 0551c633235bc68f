import { evaluate } from '../../../hcl/evaluate.ts';
import { EvaluationError } from '../../../hcl/scope.ts';
import type { Body, Expression } from '../../../hcl/tree.ts';
import { isWhollyKnown, Unknown } from '../../../hcl/value.ts';
import type { FileView } from '../../../model/file-view.ts';
import { ModuleInstance } from '../instance.ts';
import type { ModuleLoader } from '../load-module.ts';
import type { Module } from '../module.ts';
import type { ModuleNode } from './module-tree.ts';
import type { Part } from './parts.ts';
import { actsOnTheWorld, type Origin } from './spread.ts';

/** How a root module and those below it differ between two ends. */
export interface ModuleChanges extends Origin {
  /** Parts of the later end that are new or say something else. */
  readonly parts: readonly string[];
  readonly acted: boolean;
  /** Something that gives nobody a value and still decides whether or how a run goes. */
  readonly decides: boolean;
  /** Something that may change everything: `terraform`, `moved`, `import` blocks, and those that nobody knows. */
  readonly everything: boolean;
}

/**
 * What differs between two trees of modules, part by part. Of a root variable that is given a value at both ends the default
 * means nothing.
 */
export function changesBetween(before: ModuleNode, after: ModuleNode, given: ReadonlySet<string>): ModuleChanges {
  const parts: string[] = [];
  let [acted, decides, everything] = [false, false, false];
  const visit = (was: ModuleNode, is: ModuleNode): void => {
    const isGiven = (id: string) => is.prefix === '' && id.startsWith('var.') && given.has(id.slice(4));
    for (const [id, part] of is.parts) {
      const old = was.parts.get(id);
      const same = isGiven(id) ? sameButDefault(old, part) : old !== undefined && old.code === part.code;
      if (same) continue;
      parts.push(is.prefix + id);
      if (part.kind === 'settings') everything = true;
      if (part.kind === 'condition' || (part.required === true && !isGiven(id))) decides = true;
    }
    for (const [id, part] of was.parts) {
      if (is.parts.has(id)) continue;
      if (part.kind === 'settings') everything = true;
      if (part.kind !== 'local') decides = true;
      if (actsOnTheWorld(part) || part.kind === 'call') acted = true;
      // What used the provider's settings uses others now.
      if (part.kind === 'provider') everything = true;
      // The variable falls back to its default.
      if (part.kind === 'argument' && part.call !== undefined)
        parts.push(
          `${is.prefix}module.${part.call.name}`,
          `${is.prefix}module.${part.call.name}.var.${argumentOf(id)}`,
        );
    }
    for (const [name, child] of is.children) {
      const old = was.children.get(name);
      if (old !== undefined) visit(old, child);
      else parts.push(`${is.prefix}module.${name}`);
    }
    for (const name of was.children.keys()) if (!is.children.has(name)) parts.push(`${is.prefix}module.${name}`);
  };
  visit(before, after);
  return { parts, acted, decides, everything };
}

/** `x` of `module.m(x)`. */
function argumentOf(id: string): string {
  return id.slice(id.indexOf('(') + 1, -1);
}

function sameButDefault(old: Part | undefined, part: Part): boolean {
  const bare = ({ code }: Part) => JSON.stringify(withoutDefault(JSON.parse(code)));
  return old !== undefined && bare(old) === bare(part);
}

function withoutDefault(code: unknown): unknown {
  if (!Array.isArray(code) || !Array.isArray(code[0])) return code;
  return [code[0].filter((one) => !Array.isArray(one) || one[0] !== 'default'), ...code.slice(1)];
}

/**
 * Whether expressions that differ and that nothing uses, of locals and of outputs, are evaluated without fail: Terraform
 * evaluates them all the same, so a run would break where one does not.
 */
export function evaluateSafely(
  { module }: ModuleNode,
  loader: ModuleLoader,
  view: FileView,
  values: readonly Expression[],
): boolean {
  const instance = new ModuleInstance(module, {
    loader,
    view,
    // What they are given may be anything, whatever the defaults are.
    variables: (name) => Unknown.at(`var.${name}`),
  });
  return values.every((expr) => {
    try {
      const value = evaluate(expr, instance);
      return isWhollyKnown(value) || isPlain(expr, module);
    } catch (error) {
      if (error instanceof EvaluationError) return false;
      throw error;
    }
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
