import { isLongNumber } from '../model/exact-number.ts';
import { type Pointer, stepsOf } from '../model/pointer.ts';

/** The type of a value without the value: what a contract is about. `unknown` is what only an apply will tell. */
export type ValueShape =
  | { readonly kind: 'string' | 'number' | 'boolean' | 'null' | 'unknown' }
  | { readonly kind: 'list'; readonly items: readonly ValueShape[] }
  | { readonly kind: 'object'; readonly members: Readonly<Record<string, ValueShape>> };

const unknownShape: ValueShape = { kind: 'unknown' };

/**
 * The shape of a JSON value. `unknown` has `true` wherever the value is not known yet, nested as in Terraform's
 * `after_unknown`.
 */
export function shapeOf(value: unknown, unknown: unknown = false): ValueShape {
  if (unknown === true) return unknownShape;
  if (value === null || value === undefined) return { kind: 'null' };
  if (Array.isArray(value)) {
    return { kind: 'list', items: value.map((item, at) => shapeOf(item, member(unknown, String(at)))) };
  }
  if (typeof value === 'object') {
    const names = new Set([...Object.keys(value), ...unknownNames(unknown)]);
    const members = Object.fromEntries(
      [...names].sort().map((name) => [name, shapeOf(member(value, name), member(unknown, name))]),
    );
    return { kind: 'object', members };
  }
  if (isLongNumber(value)) return { kind: 'number' };
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { kind: typeof value as 'string' | 'number' | 'boolean' };
  }
  return unknownShape;
}

function unknownNames(unknown: unknown): string[] {
  return unknown !== null && typeof unknown === 'object' && !Array.isArray(unknown) ? Object.keys(unknown) : [];
}

function member(value: unknown, name: string): unknown {
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

/** The shape at a pointer: undefined when nothing stands there, `unknown` when only an apply will tell. */
export function shapeAt(shape: ValueShape, pointer: Pointer): ValueShape | undefined {
  let at = shape;
  for (const step of stepsOf(pointer)) {
    if (at.kind === 'unknown') return at;
    const next = at.kind === 'object' ? at.members[step] : at.kind === 'list' ? at.items[Number(step)] : undefined;
    if (next === undefined) return undefined;
    at = next;
  }
  return at;
}

/** Whether a reader of the old shape can go on reading the new one. More members and more items break nobody. */
export function retyped(before: ValueShape, after: ValueShape): string | undefined {
  if (before.kind === 'unknown' || after.kind === 'unknown' || before.kind === 'null') return undefined;
  if (before.kind !== after.kind) return `${before.kind} becomes ${after.kind}`;
  if (before.kind === 'object' && after.kind === 'object') {
    for (const [name, was] of Object.entries(before.members)) {
      const is = after.members[name];
      if (is === undefined) return `its member ${name} is gone`;
      const inner = retyped(was, is);
      if (inner !== undefined) return `${name}: ${inner}`;
    }
  }
  if (
    before.kind === 'list' &&
    after.kind === 'list' &&
    before.items[0] !== undefined &&
    after.items[0] !== undefined
  ) {
    const inner = retyped(before.items[0], after.items[0]);
    if (inner !== undefined) return `its items: ${inner}`;
  }
  return undefined;
}
