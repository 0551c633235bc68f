import { SectionFile, textSection, writeSections } from '../../graph/section-file.ts';
import type { CacheFiles } from '../../observe/cache/cache-files.ts';
import type { Publication } from './project.ts';

/** A version that came out again when everything was read and inferred anew, and what that rests on. */
export interface FoundEqual {
  readonly version: number;
  readonly hash: string;
  readonly environment: Publication['environment'];
}

/**
 * A version says what it was made from, Karma's own version included. Where something else was found to make the same rows, as
 * after an update of Karma, no version tells of it: without this every build would find out again, until the next one differs.
 *
 * @param identity what was read, as {@link Publication.identity}
 */
export function keepFoundEqual(files: CacheFiles, identity: string, found: FoundEqual): void {
  files.write(nameOf(identity), writeSections(new Map([['found', textSection(JSON.stringify(found))]])));
}

/** Damage reads as absent. */
export function foundEqual(files: CacheFiles, identity: string): FoundEqual | undefined {
  try {
    const kept = files.open(nameOf(identity));
    return kept === undefined ? undefined : new SectionFile(kept).json<FoundEqual>('found');
  } catch {
    return undefined;
  }
}

function nameOf(identity: string): string {
  return `equal-${identity.slice(0, 32)}.found`;
}
