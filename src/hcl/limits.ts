import { isLazy } from './lazy-object.ts';
import { EvaluationError } from './scope.ts';
import type { At } from './tree.ts';
import { Unknown, type Value, type ValueObject } from './value.ts';

/**
 * Limits of evaluation. An estate may hold a few lines that ask for more than any machine has (a list doubled forty times, a
 * loop in a loop in a loop); such an expression fails, as one that divides by zero does, and everything else goes on.
 */

/** The parts of one value, a shared part counted each time it is met; a text counts one for each 64 characters. */
export const largestValue = 1_000_000;
/** Turns of one loop with all loops inside it. */
export const mostTurns = 1_000_000;

/** Values never change once made, so what was counted once is kept. */
const sizes = new WeakMap<object, number>();

/**
 * What is left of a budget when a value's parts are taken off; below zero when it does not suffice. What is computed when
 * asked for is bounded where it is computed: to look into it would compute it, or fail for a member that nobody uses.
 */
function leftOf(value: Value, budget: number): number {
  if (typeof value === 'string') return budget - 1 - (value.length >> 6);
  if (value === null || typeof value !== 'object' || value instanceof Unknown || isLazy(value)) return budget - 1;
  let left = budget - 1;
  if (Array.isArray(value)) for (let at = 0; at < value.length && left >= 0; at++) left = leftOf(value[at], left);
  else for (const key in value) if (left >= 0) left = leftOf((value as ValueObject)[key] ?? null, left);
  return left;
}

/** Nearly every value is small: those are counted without keeping notes. */
const small = 1000;
/** A note costs more than to count so few again, and a large value has tens of thousands of parts that are no larger. */
const noted = 100;

function sizeOf(value: Value): number {
  if (typeof value === 'string') return 1 + (value.length >> 6);
  if (value === null || typeof value !== 'object' || value instanceof Unknown || isLazy(value)) return 1;
  const known = sizes.get(value);
  if (known !== undefined) return known;
  let size = 1;
  for (const member of Array.isArray(value) ? value : Object.values(value)) size += sizeOf(member);
  if (size > noted) sizes.set(value, size);
  return size;
}

/** The value itself. @throws EvaluationError when it is larger than any that is meant */
export function bounded<T extends Value>(value: T, at: At): T {
  if (leftOf(value, small) < 0 && sizeOf(value) > largestValue)
    throw new EvaluationError('a value too large to be meant', at);
  return value;
}

let left = 0;
let open = 0;

/** Runs a loop; the outermost one sets what all of them together may take. */
export function looping<T>(run: () => T): T {
  if (open === 0) left = mostTurns;
  open += 1;
  try {
    return run();
  } finally {
    open -= 1;
  }
}

/** One turn of a loop. @throws EvaluationError after too many */
export function turn(at: At): void {
  left -= 1;
  if (left < 0) throw new EvaluationError('loops that take more turns than anybody means', at);
}
