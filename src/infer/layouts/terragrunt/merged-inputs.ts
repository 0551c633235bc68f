import { lazyObject } from '../../../hcl/lazy-object.ts';
import type { Expression } from '../../../hcl/tree.ts';
import {
  emptyObject,
  isList,
  isObject,
  isUnknown,
  unknownFrom,
  type Value,
  type ValueObject,
} from '../../../hcl/value.ts';
import type { Frame } from './frame.ts';
import type { Layer } from './layers.ts';

/**
 * `inputs` of a configuration with those of its includes: shallow merge replaces whole inputs by name, deep merge joins maps
 * and appends lists. What is replaced is not evaluated.
 */
export function mergedInputs(layers: readonly Layer[]): Value {
  const merge = new Merge();
  for (const { frame, strategy } of layers) {
    const expression = frame.source.body.attributes.get('inputs')?.value;
    if (expression !== undefined) merge.below(inputsOf(frame, expression), strategy === 'deep' ? 'deep' : 'shallow');
  }
  return merge.value ?? emptyObject();
}

/** An object written out is evaluated member by member, and only those asked for. */
function inputsOf(frame: Frame, expression: Expression): Value {
  if (expression.kind !== 'object') return frame.evaluate(expression);
  const members = new Map<string, Expression>();
  for (const { key, value } of expression.items) {
    if (key.kind !== 'literal' || key.value === null) return frame.evaluate(expression);
    members.set(String(key.value), value);
  }
  return lazyObject(members.keys(), (name) => {
    const member = members.get(name);
    return member === undefined ? null : frame.evaluate(member);
  });
}

const notYet = 'a merge with something known after a run';

/** As mergo with override and appended slices, each value over those before it: `null`, `""`, `0` and `false` replace like any. */
export function deepMerge(values: readonly Value[]): Value {
  let parts: Part[] = [];
  for (const value of values) {
    const lowest = parts[0]?.value;
    if (lowest === undefined) parts = [{ value }];
    else if (isUnknown(value) || isUnknown(lowest))
      parts = [{ value: unknownFrom(notYet, put(parts, deepMerge), value) }];
    else if (areAlike(lowest, value)) parts.push({ value });
    else parts = [{ value }];
  }
  return put(parts, deepMerge);
}

/** A value among others of its kind. */
interface Part {
  readonly value: Value;
  /** Only what no higher one names is taken of it. */
  readonly isShallow?: boolean;
}

/**
 * Values laid beneath each other, as a unit takes in its includes: what stands may be joined, never replaced. Objects and lists
 * are put together at the end and not pair by pair: each of a thousand includes would otherwise copy what all others say.
 */
export class Merge {
  /** All of one kind, the highest first. */
  #parts: Part[] = [];

  below(value: Value, strategy: 'deep' | 'shallow'): void {
    const isShallow = strategy === 'shallow';
    const highest = this.#parts[0]?.value;
    if (highest === undefined) this.#parts = [{ value }];
    else if (isUnknown(value) || isUnknown(highest)) {
      const why = isShallow ? 'inputs known after a run' : notYet;
      this.#parts = [{ value: unknownFrom(why, value, this.value ?? null) }];
    } else if (areAlike(highest, value) && (!isShallow || isObject(value))) this.#parts.push({ value, isShallow });
    else if (isShallow && isObject(value) && !isObject(highest)) this.#parts = [{ value }];
  }

  /** Undefined where nothing was laid down. */
  get value(): Value | undefined {
    return this.#parts.length === 0 ? undefined : put(this.#parts.toReversed(), mergedBelow);
  }
}

function mergedBelow(values: readonly Value[]): Value {
  const merge = new Merge();
  for (const value of values.toReversed()) merge.below(value, 'deep');
  return merge.value ?? null;
}

function areAlike(a: Value, b: Value): boolean {
  return isObject(a) ? isObject(b) : isList(a) && isList(b);
}

/**
 * Values of one kind as one, from the lowest to the highest.
 * @param merge what becomes of those that have one name
 */
function put(parts: readonly Part[], merge: (values: readonly Value[]) => Value): Value {
  const values = parts.map(({ value }) => value);
  const [only = null] = values;
  if (parts.length < 2) return only;
  if (isList(only)) return values.flatMap((list) => list as readonly Value[]);
  const holders = new Map<string, ValueObject[]>();
  for (const { value, isShallow } of parts.toReversed())
    for (const name of Object.keys(value as ValueObject)) {
      const known = holders.get(name);
      if (known === undefined) holders.set(name, [value as ValueObject]);
      else if (isShallow !== true) known.push(value as ValueObject);
    }
  const names = new Set(values.flatMap((value) => Object.keys(value as ValueObject)));
  return lazyObject(names, (name) => merge((holders.get(name) ?? []).map((holder) => holder[name] ?? null).reverse()));
}
