import { areEqual, byCodePoint, oneType, sortedKeys, toText, typeName, uniqueValues } from '../convert.ts';
import { memberOfLayers } from '../layers.ts';
import { keysOf, union } from '../members.ts';
import { either, extend, tolerate } from '../places.ts';
import type { Value, ValueObject } from '../value.ts';
import { emptyObject, isList, isObject, isUnknown, Unknown, unknownFrom } from '../value.ts';
import type { FunctionTable } from './define.ts';
import { arg, deep, list, many, object, raw, shallow, texts, whole } from './define.ts';

function lookup(args: readonly Value[]): Value {
  const [map = null, key = null] = args;
  const fallback = args[2];
  if (isUnknown(map) || isUnknown(key)) {
    const hit = isUnknown(map)
      ? memberOf(map, key)
      : either('an element known after a run', isObject(map) ? Object.values(map) : [], [key]);
    return fallback === undefined || !isUnknown(hit) ? hit : tolerate(hit, fallback);
  }
  const found = object(args, 0);
  const name = toText(key);
  if (Object.hasOwn(found, name)) return found[name] ?? null;
  if (fallback === undefined) throw new Error(`no key ${JSON.stringify(name)}`);
  return fallback;
}

function memberOf(map: Unknown, key: Value): Value {
  if (isUnknown(key)) return extend(map, '*', key);
  const name = toText(key);
  return (map.layers === undefined ? undefined : memberOfLayers(map.layers, name)) ?? extend(map, name);
}

function element(args: readonly Value[]): Value {
  const [values = null, index = null] = args;
  if (isUnknown(values)) return extend(values, index === 0 ? '0' : '*', ...(isUnknown(index) ? [index] : []));
  if (isUnknown(index)) return either('an element known after a run', list(args, 0), [index]);
  const all = list(args, 0);
  if (all.length === 0) throw new Error('an element of an empty list');
  const at = whole(args, 1);
  if (at < 0) throw new Error('an element before the first');
  return all[at % all.length] ?? null;
}

/** Later ones win; what an unknown map holds may win over all before it. */
function merge(args: readonly Value[]): Value {
  if (args.some(isUnknown)) {
    const { reason, places, alternatives, members } = union('a merge with a map known after a run', args);
    return new Unknown(reason, places, undefined, { alternatives, members, layers: args });
  }
  const result = emptyObject();
  for (const [i, one] of args.entries()) if (one !== null) Object.assign(result, object(args, i));
  return result;
}

/** The first that is neither null nor, among texts, empty. An unknown one may be null, so the search goes on behind it. */
function coalesce(args: readonly Value[]): Value {
  const candidates: Value[] = [];
  for (const value of args) {
    if (isUnknown(value)) candidates.push(value);
    else if (value !== null && value !== '') {
      candidates.push(value);
      break;
    }
  }
  const [first] = candidates;
  if (first === undefined) throw new Error('nothing but null and empty values');
  if (candidates.length === 1) return typeof first === 'object' || !args.some(isText) ? first : toText(first);
  return either('the first value that is not null', candidates);
}

function isText(value: Value): boolean {
  return typeof value === 'string';
}

function flatten(values: readonly Value[], into: Value[]): boolean {
  for (const value of values) {
    if (isUnknown(value)) return false;
    if (isList(value)) {
      if (!flatten(value, into)) return false;
    } else into.push(value);
  }
  return true;
}

function length(value: Value): number {
  if (typeof value === 'string') return [...new Intl.Segmenter('en').segment(value)].length;
  if (isList(value)) return value.length;
  if (isObject(value)) return Object.keys(value).length;
  throw new Error(`the length of ${typeName(value)}`);
}

/** What rests on which members there are, and on nothing in them. */
function ofKeys(value: Value): Value | undefined {
  return isUnknown(value) ? keysOf(value) : undefined;
}

/** The one element of a list of one, null of an empty one. */
function one(args: readonly Value[]): Value {
  const value = arg(args, 0);
  if (isUnknown(value)) return extend(value, '*');
  if (value === null) return null;
  const all = list(args, 0);
  if (all.length > 1) throw new Error('more than one element');
  return all[0] ?? null;
}

function transpose(map: ValueObject): Value {
  const result: Record<string, string[]> = emptyObject() as Record<string, string[]>;
  for (const key of sortedKeys(map)) {
    const members = map[key] ?? null;
    if (!isList(members)) throw new Error('a map of lists is needed');
    for (const member of members) {
      const name = toText(member);
      result[name] = [...(result[name] ?? []), key];
    }
  }
  return result;
}

function range(args: readonly Value[]): Value {
  const numbers = args.map((value) => Number(value));
  const [start, limit] = args.length === 1 ? [0, numbers[0] ?? 0] : [numbers[0] ?? 0, numbers[1] ?? 0];
  const stepBy = numbers[2] ?? (limit < start ? -1 : 1);
  if (stepBy === 0 || (limit - start) * stepBy < 0) throw new Error('a range that never ends');
  const result: number[] = [];
  for (let value = start; stepBy > 0 ? value < limit : value > limit; value += stepBy) {
    if (result.length >= 1024) throw new Error('a range of more than 1024 numbers');
    result.push(value);
  }
  return result;
}

function chunks(values: readonly Value[], size: number): Value {
  if (size < 0) throw new Error('a size below zero');
  if (values.length === 0) return [];
  if (size === 0) return [values];
  return Array.from({ length: Math.ceil(values.length / size) }, (_chunk, i) => values.slice(i * size, (i + 1) * size));
}

function matchKeys(values: readonly Value[], keys: readonly Value[], wanted: readonly Value[]): Value {
  if (values.length !== keys.length) throw new Error('as many keys as values are needed');
  return values.filter((_value, i) => wanted.some((one) => areEqual(one, keys[i] ?? null) === true));
}

function zipMap(args: readonly Value[]): Value {
  const [keys, values] = [texts(args, 0), list(args, 1)];
  if (keys.length !== values.length) throw new Error('as many keys as values are needed');
  const result = emptyObject();
  for (const [i, key] of keys.entries()) result[key] = values[i] ?? null;
  return result;
}

/** `slice(list, from, to)`. */
function slice(args: readonly Value[]): Value {
  const [all, from, to] = [list(args, 0), whole(args, 1), whole(args, 2)];
  if (from < 0 || to > all.length || from > to) throw new Error('a slice outside the list');
  return all.slice(from, to);
}

export const collectionFunctions: FunctionTable = {
  lookup: raw(2, 3, lookup),
  element: raw(2, 2, element),
  merge: raw(0, many, merge),
  coalesce: raw(1, many, coalesce),
  coalescelist: raw(1, many, (args) => {
    if (args.some(isUnknown)) return either('the first list that is not empty', args);
    const found = args.find((value) => isList(value) && value.length > 0);
    if (found === undefined) throw new Error('nothing but empty lists');
    return found;
  }),
  one: raw(1, 1, one),
  length: raw(1, 1, (args) => ofKeys(arg(args, 0)) ?? length(arg(args, 0))),
  keys: raw(1, 1, (args) => ofKeys(arg(args, 0)) ?? sortedKeys(object(args, 0))),
  values: raw(1, 1, (args) => {
    const given = arg(args, 0);
    if (isUnknown(given)) return given.members === undefined ? unknownFrom('all values of a map', given) : given;
    const map = object(args, 0);
    return sortedKeys(map).map((key) => map[key] ?? null);
  }),
  concat: shallow(1, many, (args) => args.flatMap((_one, i) => list(args, i))),
  flatten: raw(1, 1, (args) => {
    const into: Value[] = [];
    const value = arg(args, 0);
    if (!isUnknown(value) && flatten(list(args, 0), into)) return into;
    return unknownFrom('a list with parts known after a run', value);
  }),
  compact: shallow(1, 1, (args) => {
    const all = list(args, 0);
    if (all.some(isUnknown)) return unknownFrom('a list with parts known after a run', ...all);
    return all.filter((value) => value !== null && value !== '').map(toText);
  }),
  distinct: shallow(1, 1, (args) => {
    const all = list(args, 0);
    return all.some(isUnknown)
      ? unknownFrom('a list with parts known after a run', ...all)
      : uniqueValues(oneType(all));
  }),
  reverse: shallow(1, 1, (args) => [...list(args, 0)].reverse()),
  sort: deep(1, 1, (args) => [...texts(args, 0)].sort(byCodePoint)),
  slice: shallow(3, 3, slice),
  index: deep(2, 2, (args) => {
    const at = list(args, 0).findIndex((value) => areEqual(value, arg(args, 1)) === true);
    if (at < 0) throw new Error('the list does not hold that value');
    return at;
  }),
  chunklist: shallow(2, 2, (args) => chunks(list(args, 0), whole(args, 1))),
  matchkeys: deep(3, 3, (args) => matchKeys(list(args, 0), list(args, 1), list(args, 2))),
  range: deep(1, 3, range),
  transpose: deep(1, 1, (args) => transpose(object(args, 0))),
  zipmap: shallow(2, 2, (args) =>
    list(args, 0).some(isUnknown) ? unknownFrom('keys known after a run', ...args) : zipMap(args),
  ),
};
