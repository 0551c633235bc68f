import { firstNot } from '../model/binary-search.ts';
import { CannotEdit, type Dialect, type Splice } from './dialect.ts';
import { type Plain, plainOf, samePlain } from './plain.ts';
import { refuseElsewhere, refuseShared, refuseTwice } from './refusals.ts';
import type { Said, SaidList, SaidMap } from './said.ts';

/** A difference between what is said and what is wanted, as small as it can be said. */
export type Change =
  | { readonly kind: 'replace'; readonly old: Said; readonly value: Plain }
  | { readonly kind: 'insert'; readonly into: SaidMap; readonly key: string; readonly value: Plain }
  | { readonly kind: 'add'; readonly into: SaidList; readonly index: number; readonly value: Plain }
  | { readonly kind: 'remove'; readonly from: SaidMap | SaidList; readonly index: number };

/** Members added or taken away in one collection beyond this: it is written anew. */
const mostMembers = 100;

/** @throws CannotEdit where something that would be lost is no literal, unless it is overridden */
export function changesTo(said: Said, wanted: Plain, override: boolean): Change[] {
  if (samePlain(plainOf(said), wanted)) return [];
  if (!override) refuseShared(said);
  if (said.kind === 'map' && wanted instanceof Map && (said.beneath === undefined || override))
    return changesOfMap(said, wanted as ReadonlyMap<string, Plain>, override);
  if (said.kind === 'list' && Array.isArray(wanted)) return changesOfList(said, wanted as readonly Plain[], override);
  return [replaced(said, wanted, override)];
}

function replaced(old: Said, value: Plain, override: boolean): Change {
  if (!override) refuseElsewhere(old);
  return { kind: 'replace', old, value };
}

function changesOfMap(said: SaidMap, wanted: ReadonlyMap<string, Plain>, override: boolean): Change[] {
  refuseTwice(said);
  const keys = new Set(said.entries.map(({ key }) => key));
  const added = [...wanted].filter(([key]) => !keys.has(key));
  const gone = said.entries.flatMap(({ key }, index) => (wanted.has(key) ? [] : [index]));
  if (added.length + gone.length > mostMembers && said.form === 'brackets') return [replaced(said, wanted, override)];
  return [
    ...said.entries.flatMap(({ key, value }) => {
      const member = wanted.get(key);
      return member === undefined ? [] : changesTo(value, member, override);
    }),
    ...added.map(([key, value]): Change => ({ kind: 'insert', into: said, key, value })),
    ...gone.map((index): Change => removed(said, index, override)),
  ];
}

function removed(from: SaidMap | SaidList, index: number, override: boolean): Change {
  const member = from.kind === 'map' ? from.entries[index]?.value : from.items[index];
  if (!override && member !== undefined) refuseElsewhere(member);
  return { kind: 'remove', from, index };
}

/** What both ends share stays; between them items are changed one by one, and the rest is added or taken away. */
function changesOfList(said: SaidList, wanted: readonly Plain[], override: boolean): Change[] {
  const items = said.items.map(plainOf);
  const most = Math.min(items.length, wanted.length);
  let first = 0;
  while (first < most && same(items[first], wanted[first])) first += 1;
  let last = 0;
  while (last < most - first && same(items.at(-1 - last), wanted.at(-1 - last))) last += 1;
  const [old, fresh] = [items.length - first - last, wanted.length - first - last];
  if (Math.abs(old - fresh) > mostMembers && said.form === 'brackets') return [replaced(said, wanted, override)];
  const both = Math.min(old, fresh);
  const changes: Change[] = [];
  for (let at = first; at < first + both; at += 1) {
    const [item, value] = [said.items[at], wanted[at]];
    if (item !== undefined && value !== undefined) changes.push(...changesTo(item, value, override));
  }
  for (let at = first + both; at < first + fresh; at += 1) {
    const value = wanted[at];
    if (value !== undefined) changes.push({ kind: 'add', into: said, index: at, value });
  }
  for (let at = first + both; at < first + old; at += 1) changes.push(removed(said, at, override));
  return changes;
}

function same(a: Plain | undefined, b: Plain | undefined): boolean {
  return a !== undefined && b !== undefined && samePlain(a, b);
}

/** The text with as many of the changes as do not touch one another, the first ones first. */
export function applyChanges(dialect: Dialect, text: string, changes: readonly Change[]): string {
  const removes = changes.every(({ kind }) => kind === 'remove');
  // Where something is added to what loses its last member, the style is lost with that: what is new comes first.
  const now = removes ? changes.slice(0, 1) : changes.filter(({ kind }) => kind !== 'remove');
  const splices = apart(now.map((change) => spliceOf(dialect, text, change)));
  const { settle } = dialect;
  if (settle === undefined) return spliced(text, splices);
  return splices.reduceRight((edited, splice) => settle(edited, spliced(edited, [splice]), splice), text);
}

/** Those that touch none before them, in the order of the text. */
function apart(splices: readonly Splice[]): readonly Splice[] {
  const chosen: Splice[] = [];
  for (const splice of splices) {
    const at = firstNot(chosen.length, (place) => (chosen[place]?.start ?? 0) < splice.start);
    const [before, behind] = [chosen[at - 1], chosen[at]];
    const isFree =
      (before === undefined || before.end < splice.start) && (behind === undefined || splice.end < behind.start);
    if (isFree) chosen.splice(at, 0, splice);
  }
  return chosen;
}

function spliced(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const splice of splices) {
    parts.push(text.slice(at, splice.start), splice.text);
    at = splice.end;
  }
  return parts.join('') + text.slice(at);
}

function spliceOf(dialect: Dialect, text: string, change: Change): Splice {
  switch (change.kind) {
    case 'replace':
      return dialect.replace(text, change.old, change.value);
    case 'insert':
      if (change.into.form === 'names')
        throw new CannotEdit('not-there', 'there is no such block, and none is made', { at: change.into.span.start });
      return dialect.insert(text, change.into, change.key, change.value);
    case 'add':
      return dialect.add(text, change.into, change.index, change.value);
    case 'remove':
      return dialect.remove(text, change.from, change.index);
  }
}
