import { areEqual, toBool, toNumber, toText } from './convert.ts';
import type { BinaryOperator, Expression } from './tree.ts';
import type { Place, Value } from './value.ts';
import { isUnknown, placesIn, Unknown, unknownFrom } from './value.ts';

/** Operators on evaluated values; `&&` and `||` come here only undecided. @throws Error on a wrong type. */
export function binary(op: BinaryOperator, left: Value, right: Value): Value {
  if (op === '==' || op === '!=') {
    const equal = areEqual(left, right);
    if (equal === undefined) {
      const reason = 'a comparison with something known after a run';
      if (left === null || right === null) return new Unknown(reason, whenNull(left ?? right));
      return unknownFrom(reason, left, right);
    }
    return op === '==' ? equal : !equal;
  }
  if (isUnknown(left) || isUnknown(right)) return unknownFrom('computed from something known after a run', left, right);
  return operations[op](left, right);
}

/** What decides whether a value is null. A block is an object, and so are its outputs, whatever stands in them. */
function whenNull(value: Value): readonly Place[] {
  return placesIn(value).filter(({ source, steps }) => !(/(^|\.)(data|dependency)\./.test(source) && isWhole(steps)));
}

function isWhole([first, ...rest]: readonly string[]): boolean {
  return first === undefined || (first === 'outputs' && rest.length === 0);
}

const numeric =
  (compute: (a: number, b: number) => Value) =>
  (left: Value, right: Value): Value =>
    compute(toNumber(left), toNumber(right));

const operations: Readonly<Record<Exclude<BinaryOperator, '==' | '!='>, (left: Value, right: Value) => Value>> = {
  '<': numeric((a, b) => a < b),
  '<=': numeric((a, b) => a <= b),
  '>': numeric((a, b) => a > b),
  '>=': numeric((a, b) => a >= b),
  '+': numeric((a, b) => exact(a + b)),
  '-': numeric((a, b) => exact(a - b)),
  '*': numeric((a, b) => exact(a * b)),
  '/': numeric((a, b) => {
    if (b === 0) throw new Error('division by zero');
    return a / b;
  }),
  '%': numeric((a, b) => {
    if (b === 0) throw new Error('division by zero');
    return exact(a % b);
  }),
  '&&': (left, right) => toBool(left) && toBool(right),
  '||': (left, right) => toBool(left) || toBool(right),
};

/** HCL counts in decimal: 0.1 + 0.2 is 0.3. */
function exact(value: number): Value {
  if (!Number.isInteger(value)) return Number(value.toPrecision(15));
  return Number.isSafeInteger(value) ? value : new Unknown('a number with more digits than are computed with');
}

export function unary(op: '-' | '!', operand: Value): Value {
  if (isUnknown(operand)) return unknownFrom(operand.reason, operand);
  return op === '-' ? -toNumber(operand) : !toBool(operand);
}

/** Both branches of a conditional have one type: a number beside a text becomes text. Looks only at literals. */
export function unified(value: Value, other: Expression): Value {
  if (typeof value !== 'number' && typeof value !== 'boolean') return value;
  const isText =
    (other.kind === 'literal' && typeof other.value === 'string') ||
    (other.kind === 'template' && !(other.parts.length === 1 && other.parts[0]?.kind === 'interpolation'));
  return isText ? toText(value) : value;
}
