import { isLazy, lazyObject } from './lazy-object.ts';
import type { Members, Place, Value } from './value.ts';
import { emptyObject, isList, isObject, isUnknown, placesIn, Unknown, unknownFrom } from './value.ts';

/** Unknown stays unknown, but it remembers where it would come from: these follow steps into it and join several. */

/**
 * What places are to a value: it stands at one of the alternatives, and the others took part in it. Steps into the value go
 * into the alternatives only, so a place that is both is kept twice.
 */
interface Parts {
  readonly participants: readonly Place[];
  readonly alternatives: readonly Place[];
}

function partsOf(value: Value): Parts {
  // Of a collection the alternatives are what its members stand at: a step into it does not lead further into those.
  if (!isUnknown(value) || (value.members !== undefined && value.place === undefined)) return participant(value);
  return apart(value);
}

function apart(value: Unknown): Parts {
  const at = new Set(value.alternatives);
  return { participants: value.places.filter((place) => !at.has(place)), alternatives: value.alternatives };
}

/** Without doubles; one strict read is enough to make a place matter. */
function distinct(places: readonly Place[]): readonly Place[] {
  if (places.length < 2) return places;
  const seen = new Map<string, Place>();
  for (const place of places) {
    const key = `${place.source}\n${place.steps.join('\n')}`;
    if (!seen.has(key) || place.tolerated !== true) seen.set(key, place);
  }
  return [...seen.values()];
}

type More = {
  readonly text?: string | undefined;
  readonly exact?: boolean;
  readonly members?: Members;
  readonly choices?: Unknown['choices'];
};

function fromParts(
  reason: string,
  parts: readonly Parts[],
  place: Place | undefined,
  { text, exact, members, choices }: More,
): Unknown {
  const alternatives = distinct(parts.flatMap((one) => one.alternatives));
  const participants = distinct(parts.flatMap((one) => one.participants));
  return new Unknown(reason, [...participants, ...alternatives], place, {
    alternatives,
    members,
    choices,
    ...(text === undefined ? {} : { text }),
    ...(exact === true ? { exact } : {}),
  });
}

/** A value of which only the places matter: all of them took part. */
function participant(value: Value): Parts {
  return { participants: placesIn(value), alternatives: [] };
}

/** The unknown one step further in; `*` is "each of them, or one that cannot be told". */
export function extend(unknown: Unknown, step: string, ...with_: readonly Value[]): Unknown {
  const { members } = unknown;
  if (members !== undefined && unknown.place === undefined)
    return either(unknown.reason, members.ones, [new Unknown(unknown.reason, members.keys), ...with_]);
  const { participants, alternatives } = partsOf(unknown);
  if (alternatives.length === 0) return with_.length === 0 ? unknown : unknownFrom(unknown.reason, unknown, ...with_);
  const moved = alternatives.map((place) => ({ ...place, steps: [...place.steps, step] }));
  const at = unknown.place === undefined ? -1 : alternatives.indexOf(unknown.place);
  const exact = unknown.exact && at >= 0 && with_.length === 0;
  return fromParts(unknown.reason, [{ participants, alternatives: moved }, ...with_.map(participant)], moved[at], {
    exact,
  });
}

/** The same unknown, with something computed from it. */
export function inexact({ reason, places, place, alternatives, text, members }: Unknown): Unknown {
  return new Unknown(reason, places, place, { alternatives, members, ...(text === undefined ? {} : { text }) });
}

/** One of several values, it cannot be told which; `deciding` took part in the choice. */
export function either(reason: string, values: readonly Value[], deciding: readonly Value[] = []): Unknown {
  return fromParts(reason, [...values.map(partsOf), ...deciding.map(participant)], undefined, {
    text: sharedText(values),
    choices: choicesOf(values),
  });
}

/** More than these are as good as any. */
const mostChoices = 32;

function choicesOf(values: readonly Value[]): Unknown['choices'] {
  const all = new Set<string | number>();
  for (const value of values) {
    if (typeof value === 'string' || typeof value === 'number') all.add(value);
    else if (!isUnknown(value) || value.choices === undefined) return undefined;
    else for (const choice of value.choices) all.add(choice);
  }
  return all.size === 0 || all.size > mostChoices ? undefined : [...all];
}

/** What several texts begin and end with, and a hole between; undefined when that is nothing. */
function sharedText(values: readonly Value[]): string | undefined {
  const texts = values.map((value) =>
    typeof value === 'string' ? value : isUnknown(value) ? holeOf(value) : undefined,
  );
  const [first, ...rest] = texts;
  if (first === undefined || rest.length === 0) return undefined;
  let [start, end] = [first.length, first.length];
  for (const text of rest) {
    if (text === undefined) return undefined;
    start = Math.min(start, sharedLength(first, text, 0, 0, 1));
    end = Math.min(end, sharedLength(first, text, first.length - 1, text.length - 1, -1));
  }
  const shortest = Math.min(...texts.map((text) => text?.length ?? 0));
  const before = wholeHoles(first.slice(0, start), 'start');
  const after = wholeHoles(first.slice(first.length - Math.min(end, shortest - before.length)), 'end');
  return before === '' && after === '' ? undefined : `${before}\${?}${after}`;
}

function sharedLength(a: string, b: string, i: number, j: number, by: 1 | -1): number {
  let length = 0;
  while (a[i + length * by] !== undefined && a[i + length * by] === b[j + length * by]) length++;
  return length;
}

/** A cut through a hole takes all of it away. */
function wholeHoles(text: string, side: 'start' | 'end'): string {
  if (side === 'start') return text.replace(/\$?$|\$\{[^}]*$/, '');
  const close = text.indexOf('}');
  const open = text.indexOf('${');
  return close >= 0 && (open < 0 || open > close) ? text.slice(close + 1) : text;
}

/** The same unknown, read with a fallback behind it. */
export function tolerate(unknown: Unknown, ...fallbacks: readonly Value[]): Unknown {
  const mark = (place: Place): Place => (place.tolerated === true ? place : { ...place, tolerated: true });
  const known = fallbacks.every((value) => !isUnknown(value) && placesIn(value).length === 0);
  const { participants, alternatives } = known ? apart(unknown) : partsOf(unknown);
  const own = { participants: participants.map(mark), alternatives: alternatives.map(mark) };
  const at = unknown.place === undefined ? -1 : alternatives.indexOf(unknown.place);
  const { text, members } = unknown;
  return fromParts(unknown.reason, [own, ...fallbacks.map(partsOf)], own.alternatives[at], {
    text,
    // What stands behind it may have members of its own.
    ...(members === undefined || !known
      ? {}
      : { members: { ones: members.ones.map(tolerateInside), keys: members.keys.map(mark) } }),
  });
}

/** The same with everything unknown inside of it. */
export function tolerateInside(value: Value): Value {
  if (isUnknown(value)) return tolerate(value);
  if (isList(value)) return value.map(tolerateInside);
  if (!isObject(value)) return value;
  if (isLazy(value)) return lazyObject(Object.keys(value), (key) => tolerateInside(value[key] ?? null));
  const result = emptyObject();
  for (const [key, member] of Object.entries(value)) result[key] = tolerateInside(member);
  return result;
}

/** How an unknown is shown inside a text: `${config.vpc_nickname}`. */
export function holeOf(unknown: Unknown): string {
  if (unknown.text !== undefined) return unknown.text;
  const place = unknown.place ?? unknown.places[0];
  return place === undefined ? '${?}' : `\${${[place.source, ...place.steps].join('.')}}`;
}
