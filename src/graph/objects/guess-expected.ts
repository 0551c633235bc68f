import { byCodeUnit } from '../../model/digest.ts';
import type { ComparedObject } from './compare-environments.ts';

/** A rule that would fold what differs in every object that has it. */
export interface Guess {
  readonly key: string;
  readonly objects: number;
}

/** Fewer objects make no habit. */
const fewest = 3;

/**
 * What differs wherever it stands is most likely meant to: a first guess at rules for `karma.yaml`, for a person to accept. Keys
 * that differ in several objects, and in at least nine of ten of those that differ at all. O(differences).
 */
export function guessExpected(compared: readonly ComparedObject[]): readonly Guess[] {
  const counts = new Map<string, number>();
  let differing = 0;
  for (const { differences } of compared) {
    const keys = new Set(
      differences.filter(({ kind, expected }) => kind === 'config' && expected === undefined).map(({ key }) => key),
    );
    if (keys.size > 0) differing += 1;
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, objects]) => objects >= fewest && objects >= differing * 0.9)
    .map(([key, objects]) => ({ key, objects }))
    .sort((a, b) => b.objects - a.objects || byCodeUnit(a.key, b.key));
}
