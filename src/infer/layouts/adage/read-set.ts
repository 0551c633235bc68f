import type { ReadSet } from '../../../model/claim.ts';
import { byCodeUnit } from '../../../model/digest.ts';

type Files = Readonly<Record<string, string | null>>;

/** The part of a read-set that all components of a type share, cut where their own files come in by name. */
export interface SharedReads {
  readonly all: Files;
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
    all: files,
    before: pick(keys.filter((key) => key < cut)),
    behind: pick(keys.filter((key) => key >= cut)),
    cut,
    fits: !keys.some((key) => key.startsWith(cut)),
  };
}

/** A read-set of which the most is shared: its files are put together when somebody asks for all of them. */
export function partlyShared(shared: SharedReads, own: Files, rest: Omit<ReadSet, 'files' | 'parts'>): ReadSet {
  for (const key in own) if (Object.hasOwn(shared.all, key)) return { files: withOwnReads(shared, own), ...rest };
  let files: Files | undefined;
  return {
    get files() {
      files ??= withOwnReads(shared, own);
      return files;
    },
    ...rest,
    parts: { shared: shared.all, own },
  };
}

/**
 * Puts own files into the shared ones, keys in order. Thousands of components share dozens of files each: copying two frozen
 * halves costs far less than sorting.
 */
function withOwnReads(shared: SharedReads, own: Files): ReadSet['files'] {
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
