import type { Place, Value } from './value.ts';
import { isUnknown, Unknown, unknownFrom } from './value.ts';

/** Unknown stays unknown, but it remembers where it would come from: these follow steps into it and join several. */

/** The unknown one step further in; `*` is "each of them, or one that cannot be told". */
export function extend(unknown: Unknown, step: string, ...with_: readonly Value[]): Unknown {
  if (unknown.alternatives.length === 0)
    return with_.length === 0 ? unknown : unknownFrom(unknown.reason, unknown, ...with_);
  const moved = new Map<Place, Place>();
  for (const place of unknown.alternatives) moved.set(place, { ...place, steps: [...place.steps, step] });
  const places = unknown.places.map((place) => moved.get(place) ?? place);
  const all = with_.length === 0 ? places : unknownFrom('', new Unknown('', places), ...with_).places;
  const place = unknown.place === undefined ? undefined : moved.get(unknown.place);
  const exact = unknown.exact && place !== undefined && with_.length === 0;
  return new Unknown(unknown.reason, all, place, { alternatives: [...moved.values()], exact });
}

/** The same unknown, with something computed from it. */
export function inexact({ reason, places, place, alternatives, text }: Unknown): Unknown {
  return new Unknown(reason, places, place, { alternatives, ...(text === undefined ? {} : { text }) });
}

/** One of several values, it cannot be told which; `deciding` took part in the choice. */
export function either(reason: string, values: readonly Value[], deciding: readonly Value[] = []): Unknown {
  const joined = unknownFrom(reason, ...values, ...deciding);
  const alternatives = values.flatMap((value) => (isUnknown(value) ? value.alternatives : []));
  const byKey = new Map(joined.places.map((place) => [keyOf(place), place]));
  const text = sharedText(values);
  return new Unknown(reason, joined.places, undefined, {
    alternatives: [...new Set(alternatives.map((place) => byKey.get(keyOf(place)) ?? place))],
    ...(text === undefined ? {} : { text }),
  });
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
  const moved = new Map<Place, Place>();
  for (const place of unknown.places) moved.set(place, place.tolerated ? place : { ...place, tolerated: true });
  const mark = (place: Place): Place => moved.get(place) ?? { ...place, tolerated: true };
  const own = [...moved.values()];
  const more = fallbacks.flatMap((value) => (isUnknown(value) ? value.alternatives : []));
  const places = fallbacks.length === 0 ? own : unknownFrom('', new Unknown('', own), ...fallbacks).places;
  return new Unknown(unknown.reason, places, unknown.place === undefined ? undefined : mark(unknown.place), {
    alternatives: [...unknown.alternatives.map(mark), ...more],
    ...(unknown.text === undefined ? {} : { text: unknown.text }),
  });
}

function keyOf(place: Place): string {
  return `${place.source}\n${place.steps.join('\n')}`;
}

/** How an unknown is shown inside a text: `${config.vpc_nickname}`. */
export function holeOf(unknown: Unknown): string {
  if (unknown.text !== undefined) return unknown.text;
  const place = unknown.place ?? unknown.places[0];
  return place === undefined ? '${?}' : `\${${[place.source, ...place.steps].join('.')}}`;
}
