/**
 * JSON pointers (RFC 6901) into a runtime. `*` stands for "all of it, or a part the analysis cannot name".
 * `/subnets` covers `/subnets/0/id`.
 */
export type Pointer = string;

export const wholeRuntime: Pointer = '*';

export function pointerOf(steps: readonly (string | number)[]): Pointer {
  return steps.length === 0
    ? wholeRuntime
    : steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

export function stepsOf(pointer: Pointer): string[] {
  if (pointer === wholeRuntime || pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The output's name: the first step. `*` for the whole. */
export function outputName(pointer: Pointer): string {
  return stepsOf(pointer)[0] ?? wholeRuntime;
}

/** Whether `wide` holds `narrow`: equal, a parent of it, or everything. */
export function covers(wide: Pointer, narrow: Pointer): boolean {
  return wide === wholeRuntime || wide === narrow || (narrow !== wholeRuntime && narrow.startsWith(`${wide}/`));
}

/** Whether a change at one pointer can be seen through the other. */
export function overlaps(a: Pointer, b: Pointer): boolean {
  return covers(a, b) || covers(b, a);
}

/** The smallest set that covers the same: sorted, without pointers another one covers. */
export function reducePointers(pointers: Iterable<Pointer>): Pointer[] {
  const sorted = [...new Set(pointers)].sort();
  if (sorted.includes(wholeRuntime)) return [wholeRuntime];
  return sorted.filter((one) => !sorted.some((other) => other !== one && covers(other, one)));
}

/** The value at a pointer, or undefined when there is none. */
export function valueAt(document: unknown, pointer: Pointer): unknown {
  let value = document;
  for (const step of stepsOf(pointer)) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}
