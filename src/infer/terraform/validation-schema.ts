import type { BinaryOperator, Expression } from '../../hcl/tree.ts';
import { isList } from '../../hcl/value.ts';
import { constantOf } from './constant.ts';
import type { Variable } from './module.ts';

/** What validations say of a value, as keywords for each kind of value. */
export interface Narrowing {
  readonly texts: Readonly<Record<string, unknown>>;
  readonly lists: Readonly<Record<string, unknown>>;
  readonly numbers: Readonly<Record<string, unknown>>;
}

type Keywords = { texts: Record<string, unknown>; lists: Record<string, unknown>; numbers: Record<string, unknown> };

/**
 * The validations of a variable as JSON Schema, those that one can say: `contains([…], x)`, lengths, ranges, and regular
 * expressions that mean the same in both. A validation that is only said in part is beyond it too, and the part is kept: each
 * part of a conjunction must hold.
 */
export function narrowingOf(variable: Variable): { readonly schema: Narrowing; readonly beyond: boolean } {
  const schema: Keywords = { texts: {}, lists: {}, numbers: {} };
  let beyond = false;
  for (const { type, body } of variable.body.blocks) {
    const condition = type === 'validation' ? body.attributes.get('condition')?.value : undefined;
    for (const part of condition === undefined ? [] : conjuncts(condition))
      if (!say(schema, part, variable.name)) beyond = true;
  }
  return { schema, beyond };
}

function conjuncts(condition: Expression): Expression[] {
  return condition.kind === 'binary' && condition.op === '&&'
    ? [...conjuncts(condition.left), ...conjuncts(condition.right)]
    : [condition];
}

/** False where it is said in no keyword. */
function say(schema: Keywords, condition: Expression, name: string): boolean {
  if (condition.kind === 'binary' && condition.op === '||') {
    // `var.x == null || …`: null is allowed wherever it is the default's word already.
    const rest = isNullTest(condition.left, name)
      ? condition.right
      : isNullTest(condition.right, name)
        ? condition.left
        : undefined;
    return rest !== undefined && say(schema, rest, name);
  }
  if (condition.kind === 'call') return sayCall(schema, condition, name);
  return condition.kind === 'binary' && sayBound(schema, condition, name);
}

function sayCall(
  schema: Keywords,
  { name: called, args }: Extract<Expression, { kind: 'call' }>,
  name: string,
): boolean {
  const [first, second] = args;
  if (called === 'contains' && first !== undefined && second !== undefined && isVariable(second, name)) {
    const among = constantOf(first);
    if (among === undefined || !isList(among) || !among.every((one) => typeof one === 'string')) return false;
    schema.texts['enum'] = Array.isArray(schema.texts['enum'])
      ? schema.texts['enum'].filter((one) => among.includes(one))
      : among;
    return true;
  }
  if (called === 'can' && first?.kind === 'call' && first.name === 'regex') {
    const [pattern, on] = first.args;
    const source = pattern === undefined ? undefined : constantOf(pattern);
    if (typeof source !== 'string' || on === undefined || !isVariable(on, name) || !meansTheSame(source)) return false;
    if (schema.texts['pattern'] !== undefined) return false;
    schema.texts['pattern'] = source;
    return true;
  }
  return false;
}

/** Patterns without what RE2 and ECMAScript read differently: flags, classes by name, escapes of one of them, possessive ones. */
function meansTheSame(source: string): boolean {
  if (/\(\?[^:]|\[\[:|\\[AzZpPCQE]|\\[1-9]|[*+?}]\+/.test(source)) return false;
  try {
    new RegExp(source, 'u');
    return true;
  } catch {
    return false;
  }
}

const flipped: Partial<Record<BinaryOperator, BinaryOperator>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '==': '==',
};

function sayBound(
  schema: Keywords,
  { op, left, right }: Extract<Expression, { kind: 'binary' }>,
  name: string,
): boolean {
  const turned = flipped[op];
  if (turned === undefined) return false;
  const [of, bound, as] = isOf(left, name) ? [left, constantOf(right), op] : [right, constantOf(left), turned];
  if (!isOf(of, name) || typeof bound !== 'number') return false;
  if (of.kind !== 'call') return sayNumber(schema.numbers, as, bound);
  if (!Number.isInteger(bound) || bound < 0) return false;
  const [least, most] = range(as, bound);
  for (const [keywords, kind] of [[schema.texts, 'Length'] as const, [schema.lists, 'Items'] as const]) {
    if (least !== undefined) keywords[`min${kind}`] = Math.max(least, Number(keywords[`min${kind}`] ?? 0));
    if (most !== undefined)
      keywords[`max${kind}`] = Math.min(most, Number(keywords[`max${kind}`] ?? Number.POSITIVE_INFINITY));
  }
  return true;
}

function range(op: BinaryOperator, bound: number): readonly [least: number | undefined, most: number | undefined] {
  if (op === '==') return [bound, bound];
  if (op === '>=') return [bound, undefined];
  if (op === '>') return [bound + 1, undefined];
  return [undefined, op === '<=' ? bound : Math.max(bound - 1, 0)];
}

function sayNumber(numbers: Record<string, unknown>, op: BinaryOperator, bound: number): boolean {
  const keyword = { '>=': 'minimum', '>': 'exclusiveMinimum', '<=': 'maximum', '<': 'exclusiveMaximum', '==': 'const' }[
    op as '>=' | '>' | '<=' | '<' | '=='
  ];
  if (numbers[keyword] !== undefined) return false;
  numbers[keyword] = bound;
  return true;
}

/** The variable itself or its length. */
function isOf(expression: Expression, name: string): boolean {
  if (expression.kind === 'call' && expression.name === 'length')
    return expression.args[0] !== undefined && isVariable(expression.args[0], name);
  return isVariable(expression, name);
}

function isVariable(expression: Expression, name: string): boolean {
  return (
    expression.kind === 'access' &&
    expression.on.kind === 'variable' &&
    expression.on.name === 'var' &&
    expression.step.kind === 'attr' &&
    expression.step.name === name
  );
}

function isNullTest(expression: Expression, name: string): boolean {
  if (expression.kind !== 'binary' || expression.op !== '==') return false;
  const { left, right } = expression;
  const isNull = (one: Expression) => one.kind === 'literal' && one.value === null;
  return (isVariable(left, name) && isNull(right)) || (isVariable(right, name) && isNull(left));
}
