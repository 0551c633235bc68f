import { hash } from 'node:crypto';
import { byCodeUnit } from './by-code-unit.ts';
import { withLongNumbers } from './exact-number.ts';

export { byCodeUnit };

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * Canonical JSON: keys sorted by code unit, no white space; equal values give equal bytes. Keys without value are left out.
 * Sorted copies are made only where keys are out of order, and the engine's own `JSON.stringify` writes them: half the time
 * of writing it by hand. Values with keys that an object cannot keep in order
 * are written by hand.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return withLongNumbers(JSON.stringify(value) ?? 'null');
  const ordered = inOrder(value);
  return withLongNumbers(ordered === undefined ? writeInOrder(value) : JSON.stringify(ordered));
}

/** The same value with keys in order everywhere, itself where they are; undefined where an object cannot keep the order. */
function inOrder(value: object): object | undefined {
  if (Array.isArray(value)) return itemsInOrder(value);
  const keys = Object.keys(value);
  let previous = '';
  let sorted = true;
  for (const key of keys) {
    if (isSpecial(key)) return undefined;
    if (key < previous) sorted = false;
    previous = key;
  }
  if (sorted) return replaceMembers(value as Record<string, unknown>, keys, () => ({ ...value }));
  const copy: Record<string, unknown> = {};
  // Without a function `sort` compares code units.
  for (const key of keys.sort()) copy[key] = (value as Record<string, unknown>)[key];
  return replaceMembers(copy, keys, () => copy);
}

/** Whether an object's own keys stand in canonical order as they are; what its members hold is not looked at. */
export function hasKeysInOrder(record: Readonly<Record<string, unknown>>): boolean {
  let previous = '';
  for (const key of Object.keys(record)) {
    if (key < previous || isSpecial(key)) return false;
    previous = key;
  }
  return true;
}

/** The same for the items of a list. */
function itemsInOrder(items: readonly unknown[]): object | undefined {
  let result: unknown[] | undefined;
  for (let at = 0; at < items.length; at++) {
    const item = items[at];
    if (item === null || typeof item !== 'object') continue;
    const ordered = inOrder(item);
    if (ordered === undefined) return undefined;
    if (ordered === item) continue;
    result ??= items.slice();
    result[at] = ordered;
  }
  return result ?? items;
}

/** Puts members in order; the holder is copied at the first one that changes. */
function replaceMembers(
  holder: Record<string, unknown>,
  keys: readonly string[],
  copy: () => Record<string, unknown>,
): Record<string, unknown> | undefined {
  let result = holder;
  for (const key of keys) {
    const member: unknown = holder[key];
    if (member === null || typeof member !== 'object') continue;
    const ordered = inOrder(member);
    if (ordered === undefined) return undefined;
    if (ordered === member) continue;
    if (result === holder) result = copy();
    result[key] = ordered;
  }
  return result;
}

/** Objects put keys that look like numbers first, and take an assignment to `__proto__` for something else. */
function isSpecial(key: string): boolean {
  const first = key.charCodeAt(0);
  return (first >= 0x30 && first <= 0x39) || key === '__proto__';
}

function writeInOrder(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(writeInOrder).join(',')}]`;
  const parts: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== undefined) parts.push(`${JSON.stringify(key)}:${writeInOrder(member)}`);
  }
  return `{${parts.join(',')}}`;
}

/** SHA-256 in lower-case hex. */
export function sha256(text: string | Uint8Array): string {
  return hash('sha256', text, 'hex');
}

/** The digest of a JSON value: SHA-256 of its canonical form. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}
