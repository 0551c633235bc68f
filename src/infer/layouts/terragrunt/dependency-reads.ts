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
 * What expressions read of dependencies, by syntax alone: both branches of a choice count, and what a loop does with an
 * element is left open. Remembered by expression, because an include is read by every unit that includes it.
 */
export class DependencyReads {
  readonly #known = new WeakMap<Expression, readonly DependencyRead[]>();

  of(expression: Expression): readonly DependencyRead[] {
    const known = this.#known.get(expression);
    if (known !== undefined) return known;
    const reads: DependencyRead[] = [];
    collect(expression, nothing, false, reads);
    const found = reads.length === 0 ? none : reads;
    this.#known.set(expression, found);
    return found;
  }
}

const none: readonly DependencyRead[] = [];

function collect(expression: Expression, bound: Bound, tolerated: boolean, into: DependencyRead[]): void {
  switch (expression.kind) {
    case 'literal':
    case 'bad':
      return;
    case 'variable':
      if (expression.name === 'dependency' && !bound.has('dependency')) into.push({ name: '*', steps: [], tolerated });
      else if (bound.get(expression.name) === 'dependencies') into.push({ name: '*', steps: [], tolerated });
      return;
    case 'access':
      return collectAccess(expression, bound, tolerated, into);
    case 'splat':
      collect(expression.on, bound, tolerated, into);
      for (const step of expression.steps) if (step.kind === 'index') collect(step.key, bound, tolerated, into);
      return;
    case 'call':
      return collectCall(expression, bound, tolerated, into);
    case 'unary':
      return collect(expression.operand, bound, tolerated, into);
    case 'binary':
      collect(expression.left, bound, tolerated, into);
      return collect(expression.right, bound, tolerated, into);
    case 'conditional':
      collect(expression.condition, bound, tolerated, into);
      collect(expression.then, bound, tolerated, into);
      return collect(expression.otherwise, bound, tolerated, into);
    case 'tuple':
      for (const item of expression.items) collect(item, bound, tolerated, into);
      return;
    case 'object':
      for (const { key, value } of expression.items) {
        collect(key, bound, tolerated, into);
        collect(value, bound, tolerated, into);
      }
      return;
    case 'for':
      return collectFor(expression, bound, tolerated, into);
    case 'template':
      return collectParts(expression.parts, bound, tolerated, into);
  }
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
  if (on.kind !== 'variable') return collect(on, bound, tolerated, into);
  steps.reverse();
  if (bound.has(on.name) ? bound.get(on.name) === 'dependencies' : on.name === 'dependency') {
    const element = bound.has(on.name);
    const [name, part, ...rest] = element ? ['*', ...steps] : steps;
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
