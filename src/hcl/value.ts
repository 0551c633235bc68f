import { digitsOf, type LongNumber } from '../model/exact-number.ts';
import { isLazy, membersThatHold } from './lazy-object.ts';

/**
 * What an expression evaluates to. Known values are plain JSON values (objects without prototype); what only a run could
 * know is an {@link Unknown}, which remembers where it would come from. Unknown stays unknown: nothing here guesses.
 */
export type Value = null | boolean | number | string | readonly Value[] | ValueObject | Unknown;

export interface ValueObject {
  readonly [key: string]: Value;
}

/** A place that a value would be read from: a source and the steps into it. `*` as a step is "each of them". */
export interface Place {
  /** The block or root it starts at: `data.aws_ssm_parameter.vpc`, `dependency.vpc`, `config` … */
  readonly source: string;
  readonly steps: readonly string[];
  /** Read under `try`, `can` or `lookup` with a fallback: missing would not fail. */
  readonly tolerated?: true;
}

/** What stands in a collection, whichever members it has, and the places that decide which it has. */
export interface Members {
  readonly ones: readonly Value[];
  readonly keys: readonly Place[];
}

export class Unknown {
  /** Exactly this place, when the value *is* what stands there; steps behind it extend the place. */
  readonly place: Place | undefined;
  /** Every place that took part in the value (the exact one included). Sorted by use, without doubles. */
  readonly places: readonly Place[];
  /** Why it is unknown, in words, for findings: `run_cmd is never executed`. */
  readonly reason: string;
  /**
   * The places one of which it stands at: both branches of a conditional, the arguments of `merge`. Steps behind it extend
   * all of them. With an exact place, at least that one.
   */
  readonly alternatives: readonly Place[];
  /** Of a text some parts of which are known: those, with `${source.steps}` for the rest. For people and templates only. */
  readonly text: string | undefined;
  /**
   * Its place, or its text, says all there is to it: nothing was computed from it, no fallback stands behind it, and every
   * hole of the text is one place. Two exact unknowns that say the same are one value, which is how a range is compared.
   */
  readonly exact: boolean;
  /** Of one that is not exact: what it is computed from, written out; undefined where that cannot be done. */
  readonly defined: (() => string | undefined) | undefined;
  /** Of a collection of which the members can be told and not how many there are, see `members.ts`. */
  readonly members: Members | undefined;
  /** Texts or numbers one of which it is, where that can be told: `var.on ? "a" : "b"`. Steps by it go to each of them. */
  readonly choices: readonly (string | number)[] | undefined;
  /** Of maps that were merged: those, the last on top. Who asks for one member need not read the others, see `layers.ts`. */
  readonly layers: readonly Value[] | undefined;

  constructor(
    reason: string,
    places: readonly Place[] = [],
    place?: Place,
    more: {
      readonly alternatives?: readonly Place[];
      readonly text?: string;
      readonly exact?: boolean;
      readonly defined?: () => string | undefined;
      readonly members?: Members | undefined;
      readonly choices?: readonly (string | number)[] | undefined;
      readonly layers?: readonly Value[] | undefined;
    } = {},
  ) {
    this.reason = reason;
    this.place = place;
    this.places = places;
    this.alternatives = more.alternatives ?? (place === undefined ? [] : [place]);
    this.text = more.text;
    this.exact = more.exact === true;
    this.defined = more.defined;
    this.members = more.members;
    this.choices = more.choices;
    this.layers = more.layers;
  }

  /** The unknown that stands at a place. */
  static at(source: string, steps: readonly string[] = [], reason = 'known after a run'): Unknown {
    const place = { source, steps };
    return new Unknown(reason, [place], place, { exact: true });
  }
}

export function isUnknown(value: Value): value is Unknown {
  return value instanceof Unknown;
}

export function isObject(value: Value): value is ValueObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Unknown);
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether no unknown is anywhere inside. */
export function isWhollyKnown(value: Value): boolean {
  if (value === null || typeof value !== 'object') return true;
  if (value instanceof Unknown) return false;
  if (isList(value)) return value.every(isWhollyKnown);
  if (isLazy(value)) return membersThatHold(value).every(isWhollyKnown);
  for (const key in value) if (!isWhollyKnown(value[key] ?? null)) return false;
  return true;
}

/** Every place that takes part anywhere inside a value. */
export function placesIn(value: Value, into: Place[] = []): Place[] {
  if (value === null || typeof value !== 'object') return into;
  if (value instanceof Unknown) into.push(...value.places);
  else for (const member of isList(value) ? value : membersThatHold(value)) placesIn(member, into);
  return into;
}

/** An unknown that several values took part in; it is at no place of its own. */
export function unknownFrom(reason: string, ...values: readonly Value[]): Unknown {
  const seen = new Map<string, Place>();
  for (const value of values)
    for (const place of placesIn(value)) {
      const key = `${place.source}\n${place.steps.join('\n')}`;
      // One strict read is enough to make the place matter.
      if (!seen.has(key) || place.tolerated !== true) seen.set(key, place);
    }
  return new Unknown(reason, [...seen.values()]);
}

/** A number with more digits than are kept: nothing is computed with it, and equal digits are an equal value. */
export function longNumber(number: LongNumber): Unknown {
  return new Unknown('a number with more digits than are computed with', [], undefined, {
    exact: true,
    text: digitsOf(number),
  });
}

/** An object to fill: without prototype, so that a key such as `__proto__` is only a key. */
export function emptyObject(): Record<string, Value> {
  return Object.create(null) as Record<string, Value>;
}
