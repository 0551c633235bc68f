import { byCodeUnit } from '../model/digest.ts';
import type { BlindSpot } from './operations/impact.ts';

/** What was not looked into, told once however many components hold it. */
export interface UnreadGroup {
  /** The code of the blind spots: `module-not-read`, `program-unread` … */
  readonly code: string;
  /** The module's source, where the program is run, or the layout's name. */
  readonly what: string;
  /** How many components hold it; 1 of what the estate as a whole holds. */
  readonly components: number;
  /** Why `karma.yaml` takes it to touch nothing of the estate. */
  readonly assumed?: string;
}

/** Groups blind spots of the general kind by what was not looked into: what nothing covers first, then by how many hold it. */
export function unreadGroups(blindSpots: readonly BlindSpot[]): UnreadGroup[] {
  const groups = new Map<string, { group: Omit<UnreadGroup, 'components'>; components: Set<string> }>();
  for (const { component, code, unread } of blindSpots) {
    if (unread === undefined) continue;
    const name = `${code}\0${unread.what}\0${unread.assumed ?? ''}`;
    const known = groups.get(name);
    if (known === undefined) groups.set(name, { group: { code, ...unread }, components: new Set([component]) });
    else known.components.add(component);
  }
  return [...groups.values()]
    .map(({ group: { code, what, assumed }, components }) => ({
      code,
      what,
      components: components.size,
      ...(assumed === undefined ? {} : { assumed }),
    }))
    .sort(
      (a, b) =>
        Number(a.assumed !== undefined) - Number(b.assumed !== undefined) ||
        b.components - a.components ||
        byCodeUnit(`${a.code} ${a.what}`, `${b.code} ${b.what}`),
    );
}

/** Nothing unproved could change the answer, but for what `karma.yaml` assumes. */
export function isComplete(blindSpots: readonly BlindSpot[], unread: readonly UnreadGroup[]): boolean {
  return blindSpots.length === 0 && unread.every(({ assumed }) => assumed !== undefined);
}

/** `assuming that 3 modules elsewhere touch nothing here`, or nothing where nothing is assumed. */
export function assumedWords(groups: readonly UnreadGroup[]): string {
  const assumed = groups.filter((group) => group.assumed !== undefined);
  return assumed.length === 0
    ? ''
    : `assuming that ${unreadWords(assumed)} ${assumed.length === 1 ? 'touches' : 'touch'} nothing here`;
}

/** What nothing covers. */
export function uncovered(groups: readonly UnreadGroup[]): readonly UnreadGroup[] {
  return groups.filter(({ assumed }) => assumed === undefined);
}

const kinds: Readonly<Record<string, readonly [one: string, many: string]>> = {
  'module-not-read': ['module elsewhere', 'modules elsewhere'],
  'program-unread': ['program', 'programs'],
  'layout-not-read': ['layout that is not read', 'layouts that are not read'],
};
const outside = ['read of something outside', 'reads of something outside'] as const;

/** `3 modules elsewhere, 1 program`: what a set of groups is, in words. */
export function unreadWords(groups: readonly UnreadGroup[]): string {
  const parts = [...Map.groupBy(groups, ({ code }) => kinds[code] ?? outside)];
  return parts.map(([[one, many], list]) => `${list.length} ${list.length === 1 ? one : many}`).join(', ');
}
