import { either, extend } from './places.ts';
import type { Members, Place, Value } from './value.ts';
import { isList, isObject, isUnknown, placesIn, Unknown } from './value.ts';

/**
 * A collection of which nobody can tell how many members it has and under which keys, though what each of them is can be told:
 * the instances of a block under an unknown `for_each`, a loop over them. Who asks for a member reads that member, who asks for
 * the keys reads what decides them, and only who takes it whole reads everything.
 */
export function collection(reason: string, ones: readonly Value[], deciding: readonly Value[]): Unknown {
  const { reason: why, places, text, alternatives } = either(reason, ones, deciding);
  const keys = deciding.flatMap((value) => placesIn(value));
  return new Unknown(why, places, undefined, {
    alternatives,
    members: { ones, keys },
    ...(text === undefined ? {} : { text }),
  });
}

/** Collections that together are one, or one of which it is; as good as opaque where one of them cannot be looked into. */
export function union(reason: string, values: readonly Value[], deciding: readonly Value[] = []): Unknown {
  const parts = values.map(membersOf);
  const known = parts.filter((part) => part !== undefined);
  if (known.length < parts.length) return either(reason, values, deciding);
  return collection(
    reason,
    known.flatMap(({ ones }) => ones),
    [
      new Unknown(
        reason,
        known.flatMap(({ keys }) => keys),
      ),
      ...deciding,
    ],
  );
}

function membersOf(value: Value): Members | undefined {
  if (value === null) return { ones: [], keys: [] };
  if (isUnknown(value)) return value.members;
  if (isList(value)) return { ones: value, keys: [] };
  return isObject(value) ? { ones: Object.values(value), keys: [] } : undefined;
}

/** What decides how many members there are and under which keys: all there is to it where that cannot be told apart. */
export function keysOf(value: Unknown): Unknown {
  return new Unknown(value.reason, keyPlaces(value));
}

function keyPlaces({ members, places }: Unknown): readonly Place[] {
  return members?.keys ?? places;
}

/** Any one of the members, whichever it is. */
export function anyOf(value: Unknown): Value {
  const { members, place } = value;
  if (members === undefined || place !== undefined) return extend(value, '*');
  const [only] = members.ones;
  return members.ones.length === 1 && only !== undefined ? only : either(value.reason, members.ones);
}
