/**
 * A table to look words of an estate up in. It has no prototype: `constructor` or `toString`, which an estate may well write,
 * find nothing in it.
 */
export function tableOf<T>(entries: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.assign(Object.create(null) as Record<string, T>, entries);
}
