import { CannotEdit } from './dialect.ts';
import type { Plain } from './plain.ts';
import { comesFrom, refuseShared, standsTwice } from './refusals.ts';
import type { Said, SaidEntry, SaidList, SaidMap } from './said.ts';

/** What a pointer leads to in a text: a value, or the nearest collection that would hold it. */
export type Target =
  | { readonly kind: 'there'; readonly said: Said; readonly holder?: Holder }
  | { readonly kind: 'missing'; readonly holder: Holder; readonly rest: readonly string[] }
  /** The file says nothing yet. */
  | { readonly kind: 'empty'; readonly said: Said; readonly rest: readonly string[] };

export type Holder =
  | { readonly in: SaidMap; readonly key: string; readonly index: number | undefined }
  | { readonly in: SaidList; readonly index: number };

/** @throws CannotEdit where the way leads through what is no literal, or through a scalar */
export function findTarget(root: Said, steps: readonly string[], override: boolean): Target {
  let said = root;
  let holder: Holder | undefined;
  for (const [at, step] of steps.entries()) {
    if (!override) refuseShared(said);
    if (said.kind === 'elsewhere') throw comesFrom(said);
    if (said.kind === 'scalar') {
      // An empty value of YAML, and null, are nothing yet.
      if (said.value === null && holder === undefined) return { kind: 'empty', said, rest: steps };
      if (said.value === null && holder !== undefined) return { kind: 'missing', holder, rest: steps.slice(at) };
      throw new CannotEdit('not-there', 'the way leads through a value that holds no others', { at: said.span.start });
    }
    if (said.kind === 'list') {
      const index = indexIn(said, step);
      const item = said.items[index];
      holder = { in: said, index };
      if (item === undefined) return { kind: 'missing', holder, rest: steps.slice(at + 1) };
      said = item;
      continue;
    }
    const index = indexOf(said, step);
    holder = { in: said, key: step, index };
    const entry = index === undefined ? undefined : said.entries[index];
    if (entry === undefined) {
      if (said.beneath !== undefined && !override) throw comesFrom(said.beneath);
      return { kind: 'missing', holder, rest: steps.slice(at + 1) };
    }
    said = entry.value;
  }
  return holder === undefined ? { kind: 'there', said } : { kind: 'there', said, holder };
}

function indexIn({ items, span }: SaidList, step: string): number {
  if (step === '-') return items.length;
  const index = /^(?:0|[1-9]\d{0,8})$/.test(step) ? Number(step) : -1;
  if (index >= 0 && index <= items.length) return index;
  const reason = `a list of ${items.length} has no such item`;
  throw new CannotEdit('not-there', reason, { at: span.start, ways: ['`-` is one more at the end'] });
}

function indexOf(map: SaidMap, key: string): number | undefined {
  const [first, second] = placesIn(map).get(key) ?? [];
  if (second !== undefined) throw standsTwice(map.entries[second]?.keySpan.start ?? 0);
  return first;
}

/** Where each key stands, of maps that are asked for many of theirs. */
const known = new WeakMap<SaidMap, ReadonlyMap<string, readonly number[]>>();

function placesIn(map: SaidMap): ReadonlyMap<string, readonly number[]> {
  const made = known.get(map) ?? placesOf(map.entries);
  known.set(map, made);
  return made;
}

function placesOf(entries: readonly SaidEntry[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [index, { key }] of entries.entries()) {
    const there = places.get(key);
    if (there === undefined) places.set(key, [index]);
    else there.push(index);
  }
  return places;
}

/** A value with the collections around it that are not there yet. */
export function wrapped(rest: readonly string[], value: Plain): Plain {
  return rest.reduceRight<Plain>((inner, step) => (step === '-' ? [inner] : new Map([[step, inner]])), value);
}
