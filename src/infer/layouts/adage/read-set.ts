import type { ReadSet } from '../../../model/claim.ts';
import { byCodeUnit } from '../../../model/digest.ts';

type Files = Readonly<Record<string, string | null>>;

/** The part of a read-set that all components of a type share, cut where their own files come in by name. */
export interface SharedReads {
  readonly before: Files;
  readonly behind: Files;
  readonly cut: string;
  /** Own files can stand between the halves. */
  readonly fits: boolean;
}

/** @param cut the common beginning of the own files, such as `iac/`. */
export function shareReads(files: Files, cut: string): SharedReads {
  const keys = Object.keys(files).sort(byCodeUnit);
  const pick = (chosen: readonly string[]) => Object.fromEntries(chosen.map((key) => [key, files[key] ?? null]));
  return {
    before: pick(keys.filter((key) => key < cut)),
    behind: pick(keys.filter((key) => key >= cut)),
    cut,
    fits: !keys.some((key) => key.startsWith(cut)),
  };
}

/**
 * Puts own files into the shared ones, keys in order. Thousands of components share dozens of files each: copying two frozen
 * halves costs far less than sorting.
 */
export function withOwnReads(shared: SharedReads, own: Files): ReadSet['files'] {
  const keys = Object.keys(own).sort(byCodeUnit);
  if (shared.fits && keys.every((key) => key.startsWith(shared.cut))) {
    // Without a prototype the engine keeps it as a table: as a shape, each component's own would be one of a kind.
    const all = Object.create(null) as Record<string, string | null>;
    for (const key in shared.before) all[key] = shared.before[key] ?? null;
    for (const key of keys) all[key] = own[key] ?? null;
    for (const key in shared.behind) all[key] = shared.behind[key] ?? null;
    return all;
  }
  const all: Record<string, string | null> = { ...shared.before, ...shared.behind, ...own };
  return Object.fromEntries(
    Object.keys(all)
      .sort(byCodeUnit)
      .map((key) => [key, all[key] ?? null]),
  );
}
