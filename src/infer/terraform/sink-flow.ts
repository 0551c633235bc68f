import { keysOf } from '../../hcl/members.ts';
import type { Value } from '../../hcl/value.ts';
import { isObject, isUnknown } from '../../hcl/value.ts';
import type { Sink } from './sinks.ts';

/** What flows into a sink. */
export interface SinkValue {
  readonly value: Value;
  /** The value is merely passed on here. */
  readonly handsOn: boolean;
}

/** A repetition takes in what decides the instances; what stands under its keys is handed on to them. */
export function flowOf({ repeats, handsOn }: Sink, value: Value): readonly SinkValue[] {
  if (repeats !== true) return [{ value, handsOn }];
  if (isUnknown(value) && value.members !== undefined)
    return [
      { value: keysOf(value), handsOn },
      { value, handsOn: true },
    ];
  return [{ value, handsOn: handsOn || isObject(value) }];
}
