import type { Value, ValueObject } from './value.ts';
import { isList, isObject, isUnknown } from './value.ts';

/** HCL's automatic conversions between primitives, and its order of keys. @throws Error where HCL refuses. */

export function typeName(value: Value): string {
  if (value === null) return 'null';
  if (isUnknown(value)) return 'unknown';
  if (isList(value)) return isSet(value) ? 'set' : 'list';
  return typeof value === 'object' ? 'object' : typeof value === 'boolean' ? 'bool' : typeof value;
}

/** A number as HCL writes it: never with an exponent. */
export function numberText(value: number): string {
  const short = String(value);
  if (!short.includes('e')) return short;
  const [digits = '', exponentText = '0'] = short.split('e');
  const exponent = Number(exponentText);
  const sign = digits.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = digits.replace('-', '').split('.');
  if (exponent >= 0) return `${sign}${whole}${fraction.padEnd(exponent, '0')}`;
  return `${sign}0.${'0'.repeat(-exponent - 1)}${whole}${fraction}`;
}

export function toText(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  throw new Error(value === null ? 'a null value where text is needed' : `text is needed, not ${typeName(value)}`);
}

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value)) return Number(value);
  throw new Error(value === null ? 'a null value where a number is needed' : `a number is needed, not ${shown(value)}`);
}

export function toBool(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  throw new Error(value === null ? 'a null value where a bool is needed' : `a bool is needed, not ${shown(value)}`);
}

function shown(value: Value): string {
  return typeof value === 'string' ? 'this text' : typeName(value);
}

/** Order by code point, as Go compares UTF-8: differs from code units only behind U+D800. */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const high = (unit: number) => unit >= 0xd800 && unit <= 0xdfff;
    if (high(x) !== high(y)) return high(x) ? 1 : -1;
    return x - y;
  }
  return a.length - b.length;
}

/** An object's keys in the order in which HCL iterates. */
export function sortedKeys(value: ValueObject): string[] {
  return Object.keys(value).sort(byCodePoint);
}

/** Lists that stand for sets: sorted, without doubles, and iterated with the value as key. */
const sets = new WeakSet<object>();

export function isSet(value: Value): boolean {
  return isList(value) && sets.has(value);
}

/** A set of these values: primitives sorted, doubles removed. */
export function makeSet(values: readonly Value[]): readonly Value[] {
  const unique = uniqueValues(oneType(values));
  const set = unique.every((value) => typeof value === 'string')
    ? [...unique].sort(byCodePoint)
    : unique.every((value) => typeof value === 'number')
      ? [...unique].sort((a, b) => a - b)
      : [...unique];
  sets.add(set);
  return set;
}

/** Without doubles, first ones kept. Unknowns are never equal. */
export function uniqueValues(values: readonly Value[]): readonly Value[] {
  const seen = new Set<unknown>();
  const unique: Value[] = [];
  for (const value of values) {
    const key = value !== null && typeof value === 'object' && !isUnknown(value) ? identity(value) : value;
    if (seen.has(key)) continue;
    seen.add(key);
    unique.push(value);
  }
  return unique;
}

function identity(value: Value): unknown {
  let unknowns = 0;
  const plain = (one: Value): unknown => {
    if (isUnknown(one)) {
      unknowns++;
      return null;
    }
    if (isList(one)) return one.map(plain);
    return isObject(one) ? sortedKeys(one).map((key) => [key, plain(one[key] ?? null)]) : one;
  };
  const text = `${isList(value) ? 'l' : 'o'}${JSON.stringify(plain(value))}`;
  return unknowns > 0 ? value : text;
}

/**
 * Whether two values are equal, as `==` sees it: never across types. Undefined when only a run could tell.
 */
export function areEqual(a: Value, b: Value): boolean | undefined {
  if (isUnknown(a) || isUnknown(b)) return undefined;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  if (isList(a) || isList(b)) {
    if (!isList(a) || !isList(b) || a.length !== b.length) return false;
    return allEqual(a.map((value, i) => areEqual(value, b[i] ?? null)));
  }
  const keys = Object.keys(a as ValueObject);
  const other = b as ValueObject;
  if (keys.length !== Object.keys(other).length || keys.some((key) => !Object.hasOwn(other, key))) return false;
  return allEqual(keys.map((key) => areEqual((a as ValueObject)[key] ?? null, other[key] ?? null)));
}

function allEqual(parts: readonly (boolean | undefined)[]): boolean | undefined {
  if (parts.includes(false)) return false;
  return parts.includes(undefined) ? undefined : true;
}

/** Members of a list or map have one type: with a text among primitives, all are texts. */
export function oneType(values: readonly Value[]): readonly Value[] {
  const primitive = (value: Value) => value === null || typeof value !== 'object';
  const types = new Set(values.filter((value) => value !== null).map((value) => typeof value));
  if (types.size < 2 || !types.has('string') || !values.every(primitive)) return values;
  return values.map((value) => (value === null ? null : toText(value)));
}
