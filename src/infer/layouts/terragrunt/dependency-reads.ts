import type { Expression, TemplatePart } from '../../../hcl/tree.ts';

/** One place in an expression that names an output of a dependency. */
export interface DependencyRead {
  /** The label of the dependency block; `*` when it is not a constant. */
  readonly name: string;
  /** Steps behind `outputs` up to the first that is no constant; empty for all of them. */
  readonly steps: readonly string[];
  /** Read under `try`, `can` or `lookup` with something to fall back to. */
  readonly tolerated: boolean;
}

/** Names that stand for a dependency or a part of it, bound by `for`. */
type Bound = ReadonlyMap<string, 'dependencies' | undefined>;

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
  if (expression.kind === 'variable') collectVariable(expression.name, bound, tolerated, into);
  else if (expression.kind === 'access') collectAccess(expression, bound, tolerated, into);
  else if (expression.kind === 'call') collectCall(expression, bound, tolerated, into);
  else if (expression.kind === 'for') collectFor(expression, bound, tolerated, into);
  else if (expression.kind === 'template') collectParts(expression.parts, bound, tolerated, into);
  else for (const inner of partsOf(expression)) collect(inner, bound, tolerated, into);
}

/** The expressions inside one that does nothing with names itself. */
function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'splat':
      return [expression.on, ...expression.steps.flatMap((step) => (step.kind === 'index' ? [step.key] : []))];
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'conditional':
      return [expression.condition, expression.then, expression.otherwise];
    case 'tuple':
      return expression.items;
    case 'object':
      return expression.items.flatMap(({ key, value }) => [key, value]);
    default:
      return [];
  }
}

/** `dependency` as a whole, or a loop variable that stands for each of them. */
function collectVariable(name: string, bound: Bound, tolerated: boolean, into: DependencyRead[]): void {
  const whole = bound.has(name) ? bound.get(name) === 'dependencies' : name === 'dependency';
  if (whole) into.push({ name: '*', steps: [], tolerated });
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
  if (bound.has(on.name) ? bound.get(on.name) === 'dependencies' : on.name === 'dependency') {
    const element = bound.has(on.name);
    const [name, part, ...rest] = element ? ['*', ...steps] : steps;
    // Inputs of another unit are no outputs, but they change when it does: all of it counts, as far as that is known.
    if (part === 'inputs') into.push({ name: name ?? '*', steps: [], tolerated });
    if (part !== undefined && part !== 'outputs') return;
    const open = rest.indexOf(undefined);
    const constant = part === undefined || name === undefined ? [] : rest.slice(0, open < 0 ? undefined : open);
    into.push({ name: name ?? '*', steps: constant.filter((step) => step !== undefined), tolerated });
  }
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

/** `for d in dependency` binds each of them; any other loop variable hides what it is named like and is left open. */
function collectFor(
  { keyName, valueName, collection, key, value, condition }: Extract<Expression, { kind: 'for' }>,
  bound: Bound,
  tolerated: boolean,
  into: DependencyRead[],
): void {
  const all = collection.kind === 'variable' && collection.name === 'dependency' && !bound.has('dependency');
  if (!all) collect(collection, bound, tolerated, into);
  const inner = new Map(bound);
  if (keyName !== undefined) inner.set(keyName, undefined);
  inner.set(valueName, all ? 'dependencies' : undefined);
  if (key !== undefined) collect(key, inner, tolerated, into);
  collect(value, inner, tolerated, into);
  if (condition !== undefined) collect(condition, inner, tolerated, into);
}

function collectParts(parts: readonly TemplatePart[], bound: Bound, tolerated: boolean, into: DependencyRead[]): void {
  for (const part of parts) {
    if (part.kind === 'interpolation') collect(part.value, bound, tolerated, into);
    else if (part.kind === 'if') {
      collect(part.condition, bound, tolerated, into);
      collectParts(part.then, bound, tolerated, into);
      collectParts(part.otherwise, bound, tolerated, into);
    } else if (part.kind === 'for') {
      collect(part.collection, bound, tolerated, into);
      const inner = new Map(bound);
      if (part.keyName !== undefined) inner.set(part.keyName, undefined);
      inner.set(part.valueName, undefined);
      collectParts(part.body, inner, tolerated, into);
    }
  }
}
