import { areEqual, isSet, makeSet } from '../convert.ts';
import { largestValue } from '../limits.ts';
import type { Value } from '../value.ts';
import { isUnknown, unknownFrom } from '../value.ts';
import type { FunctionTable } from './define.ts';
import { deep, list, many, raw, shallow } from './define.ts';

function has(values: readonly Value[], wanted: Value): boolean {
  return values.some((value) => areEqual(value, wanted) === true);
}

/** The Cartesian product, the last list turning fastest. */
function product(lists: readonly (readonly Value[])[]): readonly (readonly Value[])[] {
  return lists.reduce<readonly (readonly Value[])[]>(
    (rows, next) => rows.flatMap((row) => next.map((value) => [...row, value])),
    [[]],
  );
}

export const setFunctions: FunctionTable = {
  toset: raw(1, 1, (args) => {
    const [value = null] = args;
    if (value === null || isUnknown(value)) return value;
    return makeSet(list(args, 0));
  }),
  setunion: shallow(1, many, (args) => makeSet(args.flatMap((_one, i) => list(args, i)))),
  setintersection: deep(1, many, (args) =>
    makeSet(list(args, 0).filter((value) => args.every((_one, i) => has(list(args, i), value)))),
  ),
  setsubtract: deep(2, 2, (args) => makeSet(list(args, 0).filter((value) => !has(list(args, 1), value)))),
  setsymmetricdifference: deep(1, many, (args) =>
    makeSet(
      args
        .map((_one, i) => list(args, i))
        .reduce((left, right) => [
          ...left.filter((value) => !has(right, value)),
          ...right.filter((value) => !has(left, value)),
        ]),
    ),
  ),
  setproduct: shallow(2, many, (args) => {
    const lists = args.map((_one, i) => list(args, i));
    if (lists.reduce((size, one) => size * one.length, args.length) > largestValue)
      throw new Error('a product too large to be meant');
    const rows = product(lists);
    return args.every((value) => isSet(value)) ? makeSet(rows) : rows;
  }),
  contains: raw(2, 2, (args) => {
    const [, wanted = null] = args;
    if (args.some(isUnknown)) return unknownFrom('contains of something known after a run', ...args);
    const answers = list(args, 0).map((value) => areEqual(value, wanted));
    if (answers.includes(true)) return true;
    return answers.includes(undefined) ? unknownFrom('contains of something known after a run', ...args) : false;
  }),
};
