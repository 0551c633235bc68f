import { EvaluationError } from './scope.ts';
import type { Value, ValueObject } from './value.ts';

/** On the object itself: a set beside tens of thousands of them is looked through whenever memory is tidied up. */
const lazy = Symbol('lazy');

/**
 * An object whose members are computed when asked for: `local.a` must not evaluate `local.b`. A member that fails throws
 * where it is used, so that `try` sees it there. A computed member stays.
 */
export function lazyObject(keys: Iterable<string>, compute: (key: string) => Value): ValueObject {
  const object = Object.create(null) as ValueObject;
  Object.defineProperty(object, lazy, { value: true });
  for (const key of keys)
    Object.defineProperty(object, key, {
      enumerable: true,
      configurable: true,
      get() {
        const value = compute(key);
        Object.defineProperty(object, key, { enumerable: true, value });
        return value;
      },
    });
  return object;
}

/** Whether looking through all members would compute them, and may fail for one that nobody uses. */
export function isLazy(value: object): boolean {
  return Object.hasOwn(value, lazy);
}

/** The members that do not fail. Who only looks through a value uses none of them. */
export function membersThatHold(object: ValueObject): readonly Value[] {
  if (!isLazy(object)) return Object.values(object);
  return Object.keys(object).flatMap((key) => {
    try {
      return [object[key] ?? null];
    } catch (error) {
      if (error instanceof EvaluationError) return [];
      throw error;
    }
  });
}
