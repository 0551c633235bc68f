import type { Json } from '../model/digest.ts';
import { digitsOf, isLongNumber } from '../model/exact-number.ts';
import { CannotEdit } from './dialect.ts';
import type { Said } from './said.ts';

/**
 * A value without places. Maps, not objects: any text may be a key, `__proto__` too, and their order is no part of a value. What is
 * no literal is held by its code.
 */
export type Plain = string | number | boolean | null | readonly Plain[] | ReadonlyMap<string, Plain> | Code;

export class Code {
  readonly code: string;
  constructor(code: string) {
    this.code = code;
  }
}

/** What stands beneath a map, under a key that no file can hold. */
const beneath = '\ud800beneath';

export function plainOf(said: Said): Plain {
  switch (said.kind) {
    case 'scalar':
      return said.value;
    case 'list':
      return said.items.map(plainOf);
    case 'elsewhere':
      return new Code(said.code);
    case 'map': {
      const members = new Map(said.entries.map(({ key, value }) => [key, plainOf(value)]));
      if (said.beneath !== undefined) members.set(beneath, plainOf(said.beneath));
      return members;
    }
  }
}

/** @throws CannotEdit for a text that no file can hold: half a character */
export function plainOfJson(value: Json): Plain {
  if (typeof value === 'string') return isLongNumber(value) && digits.test(digitsOf(value)) ? value : whole(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(plainOfJson);
  return new Map(Object.entries(value).map(([key, member]) => [whole(key), plainOfJson(member)]));
}

const digits = /^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

function whole(text: string): string {
  if (text.isWellFormed()) return text;
  throw new CannotEdit('cannot-say', 'a text in it holds half a character');
}

export function samePlain(a: Plain, b: Plain): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (a instanceof Code || b instanceof Code) return a instanceof Code && b instanceof Code && a.code === b.code;
  if (a instanceof Map && b instanceof Map)
    return a.size === b.size && [...a].every(([key, member]) => b.has(key) && samePlain(member, b.get(key) as Plain));
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, at) => samePlain(item, b[at] as Plain));
  return false;
}

/** The value with the one at the steps set or, where it is undefined, taken away. The way there must exist or be makeable. */
export function withPlain(
  value: Plain | undefined,
  steps: readonly string[],
  set: Plain | undefined,
): Plain | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return set;
  if (Array.isArray(value)) {
    const items: Plain[] = [...value];
    const at = step === '-' ? items.length : Number(step);
    const member = withPlain(items[at], rest, set);
    if (member === undefined) items.splice(at, 1);
    else items[at] = member;
    return items;
  }
  const members = new Map(value instanceof Map ? (value as ReadonlyMap<string, Plain>) : []);
  const member = withPlain(members.get(step), rest, set);
  if (member === undefined) members.delete(step);
  else members.set(step, member);
  return members;
}
