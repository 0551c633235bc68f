import { isSet, oneType, toBool, toNumber, toText } from '../convert.ts';
import type { Value } from '../value.ts';
import { isList, isObject, isUnknown } from '../value.ts';
import type { FunctionTable } from './define.ts';
import { arg, list, object, raw } from './define.ts';

/** Conversions let an unknown through as it is: the place it stands at does not change. */
const through = (convert: (value: Value, args: readonly Value[]) => Value) =>
  raw(1, 1, (args) => {
    const value = arg(args, 0);
    return value === null || isUnknown(value) ? value : convert(value, args);
  });

function toMap(args: readonly Value[]): Value {
  const map = object(args, 0);
  const keys = Object.keys(map);
  const values = oneType(keys.map((key) => map[key] ?? null));
  return Object.fromEntries(keys.map((key, i) => [key, values[i] ?? null]));
}

function typeOf(value: Value): string {
  if (isList(value)) return isSet(value) ? 'set' : 'list';
  return isObject(value) ? 'object' : typeof value === 'boolean' ? 'bool' : value === null ? 'null' : typeof value;
}

export const conversionFunctions: FunctionTable = {
  tostring: through(toText),
  tonumber: through(toNumber),
  tobool: through(toBool),
  tolist: through((_value, args) => [...oneType(list(args, 0))]),
  tomap: through((_value, args) => toMap(args)),
  sensitive: through((value) => value),
  nonsensitive: through((value) => value),
  issensitive: raw(1, 1, () => false),
  type: through(typeOf),
};
