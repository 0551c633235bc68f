import { innerExpressions } from '../../../hcl/inner-expressions.ts';
import type { At, Expression, TemplatePart } from '../../../hcl/tree.ts';

/** One place in an expression that names an output of a dependency. */
export interface DependencyRead {
  /** The label of the dependency block; `*` when it is not a constant. */
  readonly name: string;
  /** Of a block with an expansion: which of those that it stands for; undefined for any, or where there is but one. */
  readonly key?: string;
  /** Where it is written. */
  readonly at: At;
  /** Steps behind `outputs` up to the first that is no constant; empty for all of them. */
  readonly steps: readonly string[];
  /** Read under `try`, `can` or `lookup` with something to fall back to. */
  readonly tolerated: boolean;
}

/**
 * Names bound by `for`: what stands for each dependency (`*`), or for each of those that one block stands for (its label);
 * undefined for any other.
 */
type Bound = ReadonlyMap<string, string | undefined>;

const nothing: Bound = new Map();

/**
 * What an expression reads of dependencies, by syntax alone: both branches of a choice count, and what a loop does with an
 * element is left open.
 */
export function dependencyReads(expression: Expression): DependencyRead[] {
  const reads: DependencyRead[] = [];
  collect(expression, nothing, false, reads);
  return reads;
}

function collect(expression: Expression, bound: Bound, tolerated: boolean, into: DependencyRead[]): void {
  if (expression.kind === 'variable') collectVariable(expression, bound, tolerated, into);
  else if (expression.kind === 'access') collectAccess(expression, bound, tolerated, into);
  else if (expression.kind === 'splat') collectSplat(expression, bound, tolerated, into);
  else if (expression.kind === 'call') collectCall(expression, bound, tolerated, into);
  else if (expression.kind === 'for') collectFor(expression, bound, tolerated, into);
  else if (expression.kind === 'template') collectParts(expression.parts, bound, tolerated, into);
  else for (const inner of innerExpressions(expression)) collect(inner, bound, tolerated, into);
}

/** `dependency` as a whole, or a loop variable that stands for each of them. */
function collectVariable(
  { name, at }: Extract<Expression, { kind: 'variable' }>,
  bound: Bound,
  tolerated: boolean,
  into: DependencyRead[],
): void {
  const whole = bound.has(name) ? bound.get(name) : name === 'dependency' ? '*' : undefined;
  if (whole !== undefined) into.push({ name: whole, at, steps: [], tolerated });
}

function collectAccess(
  expression: Extract<Expression, { kind: 'access' }>,
  bound: Bound,
  tolerated: boolean,
  into: DependencyRead[],
): void {
  const steps: (string | undefined)[] = [];
  let on: Expression = expression;
  for (; on.kind === 'access'; on = on.on) {
    const { step } = on;
    if (step.kind === 'attr') steps.push(step.name);
    else if (step.key.kind === 'literal' && step.key.value !== null) steps.push(String(step.key.value));
    else {
      steps.push(undefined);
      collect(step.key, bound, tolerated, into);
    }
  }
  if (on.kind !== 'variable') {
    collect(on, bound, tolerated, into);
    return;
  }
  steps.reverse();
  const element = bound.has(on.name) ? bound.get(on.name) : undefined;
  if (element === undefined && (bound.has(on.name) || on.name !== 'dependency')) return;
  const read = readOf(element === undefined ? steps : [element, ...steps], element !== undefined && element !== '*');
  if (read !== undefined) into.push({ ...read, at: expression.at, tolerated });
}

const parts: ReadonlySet<string | undefined> = new Set(['outputs', 'inputs']);

/** @param each the first step names a block with an expansion, and what follows is one of those that it stands for */
function readOf(
  [name, ...behind]: readonly (string | undefined)[],
  each: boolean,
): Pick<DependencyRead, 'name' | 'key' | 'steps'> | undefined {
  const label = name ?? '*';
  // Behind the label of a block with an expansion a step chooses one.
  const chooses = !each && behind.length > 0 && !parts.has(behind[0]) && (parts.has(behind[1]) || behind.length === 1);
  const key = chooses && behind[0] !== undefined ? { key: behind[0] } : {};
  const [part, ...rest] = chooses ? behind.slice(1) : behind;
  // Inputs of another unit are no outputs, but they change when it does: all of it counts, as far as that is known.
  if (part === 'inputs' || part === undefined) return { name: label, ...key, steps: [] };
  if (part !== 'outputs') return each ? { name: label, steps: [] } : undefined;
  const open = rest.indexOf(undefined);
  const constant = name === undefined ? [] : rest.slice(0, open < 0 ? undefined : open);
  return { name: label, ...key, steps: constant.filter((step) => step !== undefined) };
}

/** `values(dependency.env)[*].outputs.id` reads of each. */
function collectSplat(
  { on, steps, at }: Extract<Expression, { kind: 'splat' }>,
  bound: Bound,
  tolerated: boolean,
  into: DependencyRead[],
): void {
  const each = bound.has('dependency') ? undefined : eachOf(on);
  for (const step of steps) if (step.kind === 'index') collect(step.key, bound, tolerated, into);
  const names = steps.map((step) => (step.kind === 'attr' ? step.name : undefined));
  const read = each === undefined ? undefined : readOf([each, ...names], true);
  if (read === undefined) collect(on, bound, tolerated, into);
  else into.push({ ...read, at, tolerated });
}

const fallbackCalls: ReadonlySet<string> = new Set(['try', 'can', 'lookup']);

function collectCall(
  { name, args }: Extract<Expression, { kind: 'call' }>,
  bound: Bound,
  tolerated: boolean,
  into: DependencyRead[],
): void {
  args.forEach((argument, index) => {
    const backed = fallbackCalls.has(name) && isBacked(name, index, args.length);
    collect(argument, bound, tolerated || backed, into);
  });
}

function isBacked(name: string, index: number, count: number): boolean {
  return name === 'can' || (name === 'try' && index < count - 1) || (name === 'lookup' && index === 0 && count > 2);
}

/**
 * `for d in dependency` binds each of them, `for d in dependency.env` each of those that the block stands for; any other loop
 * variable hides what it is named like and is left open.
 */
function collectFor(
  { keyName, valueName, collection, key, value, condition }: Extract<Expression, { kind: 'for' }>,
  bound: Bound,
  tolerated: boolean,
  into: DependencyRead[],
): void {
  const each = bound.has('dependency') ? undefined : eachOf(collection);
  if (each === undefined) collect(collection, bound, tolerated, into);
  const inner = new Map(bound);
  if (keyName !== undefined) inner.set(keyName, undefined);
  inner.set(valueName, each);
  if (key !== undefined) collect(key, inner, tolerated, into);
  collect(value, inner, tolerated, into);
  if (condition !== undefined) collect(condition, inner, tolerated, into);
}

/** What a loop over this binds: `*` for dependencies, a label for those of one block. */
function eachOf(collection: Expression): string | undefined {
  if (collection.kind === 'variable') return collection.name === 'dependency' ? '*' : undefined;
  if (collection.kind === 'call' && collection.name === 'values' && collection.args.length === 1)
    return collection.args[0] === undefined ? undefined : eachOf(collection.args[0]);
  if (collection.kind !== 'access' || collection.on.kind !== 'variable' || collection.on.name !== 'dependency')
    return undefined;
  const { step } = collection;
  if (step.kind === 'attr') return step.name;
  return step.key.kind === 'literal' && typeof step.key.value === 'string' ? step.key.value : undefined;
}

function collectParts(parts: readonly TemplatePart[], bound: Bound, tolerated: boolean, into: DependencyRead[]): void {
  for (const part of parts) {
    if (part.kind === 'interpolation') collect(part.value, bound, tolerated, into);
    else if (part.kind === 'if') {
      collect(part.condition, bound, tolerated, into);
      collectParts(part.then, bound, tolerated, into);
      collectParts(part.otherwise, bound, tolerated, into);
    } else if (part.kind === 'for') {
      const each = bound.has('dependency') ? undefined : eachOf(part.collection);
      if (each === undefined) collect(part.collection, bound, tolerated, into);
      const inner = new Map(bound);
      if (part.keyName !== undefined) inner.set(part.keyName, undefined);
      inner.set(part.valueName, each);
      collectParts(part.body, inner, tolerated, into);
    }
  }
}
