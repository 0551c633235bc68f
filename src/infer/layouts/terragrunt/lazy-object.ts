import { emptyObject, type Value, type ValueObject } from '../../../hcl/value.ts';

/**
 * An object whose members are computed when asked for: `local.a` must not evaluate `local.b`. A member that fails throws
 * where it is used, so that `try` sees it there. A computed member stays.
 */
export function lazyObject(keys: Iterable<string>, compute: (key: string) => Value): ValueObject {
  const object = emptyObject();
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
