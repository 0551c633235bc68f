import type { Body, Expression, TemplatePart } from '../../hcl/tree.ts';

type Bound = ReadonlySet<string>;
type Visit = (expr: Expression, bound: Bound) => void;

/** Calls `visit` for an expression and everything in it, outermost first, with the loop variables that are in scope. */
export function walkExpression(expr: Expression, visit: Visit, bound: Bound = nothingBound): void {
  visit(expr, bound);
  // Each walker takes the kind it is listed under; only the lookup cannot be typed so.
  const walk = walkers[expr.kind] as ((expr: Expression, go: Go, bound: Bound) => void) | undefined;
  walk?.(expr, (inner, more = bound) => walkExpression(inner, visit, more), bound);
}

const nothingBound: Bound = new Set();

type Go = (expr: Expression, bound?: Bound) => void;
type Walkers = {
  readonly [K in Expression['kind']]?: (expr: Extract<Expression, { kind: K }>, go: Go, bound: Bound) => void;
};

const walkers: Walkers = {
  template: (expr, go, bound) => walkParts(expr.parts, go, bound),
  access: (expr, go) => {
    go(expr.on);
    if (expr.step.kind === 'index') go(expr.step.key);
  },
  splat: (expr, go) => {
    go(expr.on);
    for (const step of expr.steps) if (step.kind === 'index') go(step.key);
  },
  call: (expr, go) => {
    for (const argument of expr.args) go(argument);
  },
  unary: (expr, go) => go(expr.operand),
  binary: (expr, go) => {
    go(expr.left);
    go(expr.right);
  },
  conditional: (expr, go) => {
    go(expr.condition);
    go(expr.then);
    go(expr.otherwise);
  },
  tuple: (expr, go) => {
    for (const item of expr.items) go(item);
  },
  object: (expr, go) => {
    for (const item of expr.items) {
      go(item.key);
      go(item.value);
    }
  },
  for: (expr, go, bound) => {
    go(expr.collection);
    const inner = bind(bound, expr);
    for (const part of [expr.key, expr.value, expr.condition]) if (part !== undefined) go(part, inner);
  },
};

function walkParts(parts: readonly TemplatePart[], go: Go, bound: Bound): void {
  for (const part of parts) {
    if (part.kind === 'interpolation') go(part.value, bound);
    else if (part.kind === 'if') {
      go(part.condition, bound);
      walkParts(part.then, go, bound);
      walkParts(part.otherwise, go, bound);
    } else if (part.kind === 'for') {
      go(part.collection, bound);
      walkParts(part.body, go, bind(bound, part));
    }
  }
}

function bind(
  bound: Bound,
  { keyName, valueName }: { readonly keyName: string | undefined; readonly valueName: string },
): Bound {
  return new Set([...bound, valueName, ...(keyName === undefined ? [] : [keyName])]);
}

/** An access chain as far as it is constant: `local.a["b"].c` is root `local`, steps `a b c`. */
export interface Chain {
  readonly root: string;
  readonly steps: readonly string[];
}

export function chainOf(expr: Expression): Chain | undefined {
  const steps: string[] = [];
  let on = expr;
  for (; on.kind === 'access'; on = on.on) {
    const { step } = on;
    if (step.kind === 'attr') steps.unshift(step.name);
    else if (step.key.kind === 'literal') steps.unshift(String(step.key.value));
    else steps.length = 0;
  }
  return on.kind === 'variable' ? { root: on.name, steps } : undefined;
}

/** Every chain of an expression, whole ones only: not `local.a` inside of `local.a.b`. */
export function walkChains(
  expr: Expression,
  visit: (chain: Chain, expr: Expression, bound: ReadonlySet<string>) => void,
): void {
  const inner = new Set<Expression>();
  walkExpression(expr, (one, bound) => {
    if (inner.has(one)) {
      if (one.kind === 'access') inner.add(one.on);
      return;
    }
    if (one.kind === 'access') inner.add(one.on);
    const chain = one.kind === 'access' || one.kind === 'variable' ? chainOf(one) : undefined;
    if (chain !== undefined) visit(chain, one, bound);
  });
}

/** Every expression of a body and of the blocks in it, with the names that `dynamic` blocks bring in. */
export function walkBody(
  body: Body,
  visit: (expr: Expression, name: string, iterators: ReadonlySet<string>) => void,
  iterators: ReadonlySet<string> = nothingBound,
): void {
  for (const { name, value } of body.attributes.values()) visit(value, name, iterators);
  for (const block of body.blocks) {
    const iterator = block.type === 'dynamic' ? iteratorName(block.body, block.labels[0] ?? '') : undefined;
    walkBody(block.body, visit, iterator === undefined ? iterators : new Set([...iterators, iterator]));
  }
}

/** The name of a `dynamic` block's loop variable: its label, or what `iterator` says. */
export function iteratorName(body: Body, label: string): string {
  const named = body.attributes.get('iterator')?.value;
  if (named?.kind === 'variable') return named.name;
  return named?.kind === 'literal' && typeof named.value === 'string' ? named.value : label;
}
