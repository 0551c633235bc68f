import { makeSet, toBool, toNumber, toText } from '../../hcl/convert.ts';
import { evaluate } from '../../hcl/evaluate.ts';
import { parseExpression } from '../../hcl/parse.ts';
import type { Expression } from '../../hcl/tree.ts';
import type { Value } from '../../hcl/value.ts';
import { emptyObject, isList, isObject, isUnknown } from '../../hcl/value.ts';
import { tableOf } from '../../model/table.ts';

const constants = { lookup: (): Value | undefined => undefined };

/**
 * A value as a type constraint makes it: texts for numbers, sets without doubles, attributes an object type does not name
 * dropped, those it calls optional filled in. What does not fit is left as it is: Terraform would refuse it, Karma reads on.
 */
export function convertTo(type: Expression, value: Value): Value {
  if (value === null || isUnknown(value)) return value;
  // JSON syntax writes a type as a text.
  if (type.kind === 'literal' && typeof type.value === 'string') return convertTo(parseExpression(type.value), value);
  if (type.kind === 'variable') return primitive(type.name, value);
  if (type.kind !== 'call') return value;
  const [inner] = type.args;
  if (inner === undefined) return value;
  const convert = constructors[type.name];
  return convert === undefined ? value : convert(inner, value);
}

function primitive(name: string, value: Value): Value {
  try {
    if (name === 'string') return toText(value);
    if (name === 'number') return toNumber(value);
    return name === 'bool' ? toBool(value) : value;
  } catch {
    return value;
  }
}

const each = (inner: Expression, value: Value): Value =>
  isList(value) ? value.map((item) => convertTo(inner, item)) : value;

const constructors = tableOf<(inner: Expression, value: Value) => Value>({
  list: each,
  set: (inner, value) => (isList(value) ? makeSet(value.map((item) => convertTo(inner, item))) : value),
  map: (inner, value) => {
    if (!isObject(value)) return value;
    const result = emptyObject();
    for (const [key, member] of Object.entries(value)) result[key] = convertTo(inner, member);
    return result;
  },
  tuple: (inner, value) =>
    isList(value) && inner.kind === 'tuple'
      ? value.map((item, i) => {
          const itemType = inner.items[i];
          return itemType === undefined ? item : convertTo(itemType, item);
        })
      : value,
  object: convertObject,
  optional: convertTo,
});

function convertObject(shape: Expression, value: Value): Value {
  if (!isObject(value) || shape.kind !== 'object') return value;
  const result = emptyObject();
  for (const item of shape.items) {
    const name = item.key.kind === 'literal' ? String(item.key.value) : undefined;
    if (name === undefined) return value;
    const present = Object.hasOwn(value, name) ? (value[name] ?? null) : null;
    result[name] = present === null ? fallback(item.value) : convertTo(item.value, present);
  }
  return result;
}

/** What `optional(type, default)` gives; null without a default. */
function fallback(type: Expression): Value {
  if (type.kind !== 'call' || type.name !== 'optional') return null;
  const [inner, written] = type.args;
  if (inner === undefined || written === undefined) return null;
  try {
    return convertTo(inner, evaluate(written, constants));
  } catch {
    return null;
  }
}

/** A type constraint as text, for people: `map(list(string))`. */
export function typeText(type: Expression): string {
  if (type.kind === 'literal') return String(type.value);
  if (type.kind === 'variable') return type.name;
  if (type.kind === 'call') return `${type.name}(${type.args.map(typeText).join(', ')})`;
  if (type.kind === 'tuple') return `[${type.items.map(typeText).join(', ')}]`;
  if (type.kind === 'object')
    return `{ ${type.items.map((item) => `${typeText(item.key)} = ${typeText(item.value)}`).join(', ')} }`;
  return 'any';
}
