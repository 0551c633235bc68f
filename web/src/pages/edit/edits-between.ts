import type { Json } from '../../../../src/model/digest.ts';
import { pointerOf } from '../../../../src/model/pointer.ts';

/** What was changed, as single values: what leads from one config to the other. */
export interface Edits {
  /** Pointer → value. */
  readonly set: Readonly<Record<string, Json>>;
  readonly unset: readonly string[];
}

/** Objects are gone through, all else is one value. O(size of both). */
export function editsBetween(before: Json, after: Json): Edits {
  const set: Record<string, Json> = {};
  const unset: string[] = [];
  const walk = (was: Json | undefined, is: Json | undefined, steps: readonly string[]): void => {
    if (is === undefined) unset.push(pointerOf(steps));
    else if (isRecord(was) && isRecord(is))
      for (const key of new Set([...Object.keys(was), ...Object.keys(is)]))
        walk(memberOf(was, key), memberOf(is, key), [...steps, key]);
    else if (JSON.stringify(was) !== JSON.stringify(is)) set[pointerOf(steps)] = is;
  };
  walk(before, after, []);
  return { set, unset };
}

export function countOf({ set, unset }: Edits): number {
  return Object.keys(set).length + unset.length;
}

export function isRecord(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What it says itself: `valueOf` is a member of every object. */
function memberOf(record: Readonly<Record<string, Json>>, key: string): Json | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** The config with one value put in, or taken away where it is undefined. */
export function withValue(config: Json, steps: readonly string[], value: Json | undefined): Json {
  const [step, ...rest] = steps;
  if (step === undefined) return value ?? {};
  const here = isRecord(config) ? config : {};
  const next = rest.length === 0 ? value : withValue(memberOf(here, step) ?? {}, rest, value);
  if (next !== undefined) return { ...here, [step]: next };
  const { [step]: _, ...others } = here;
  return others;
}
