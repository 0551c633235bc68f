/**
 * How a claim's `evaluated` writes down a value that only a run could know, so that two ends of a range can be compared:
 * two unknowns are the same only when they say exactly where the value comes from.
 */
export interface UnknownValue {
  /** Why it is unknown: `known after a run`, `run_cmd is never executed`. */
  readonly $unknown: string;
  /** The one place the value is read from, without fallback: `dependency.vpc.outputs.vpc_id`. */
  readonly place?: string;
  /** Of a text some parts of which are known: those, with `${place}` for the rest; only when each hole is exactly one place. */
  readonly text?: string;
  /** Of one computed from such places: a digest of what it is computed from and how. */
  readonly from?: string;
}

export function isUnknownValue(value: unknown): value is UnknownValue {
  return value !== null && typeof value === 'object' && Object.hasOwn(value, '$unknown');
}

/** Whether two unknowns are certainly one value: read from one place, put together from the same parts, computed alike. */
export function sameUnknown(a: UnknownValue, b: UnknownValue): boolean {
  if (a.place !== undefined || b.place !== undefined) return a.place === b.place;
  if (a.text !== undefined || b.text !== undefined) return a.text === b.text;
  return a.from !== undefined && a.from === b.from;
}
