import type { Graph } from '../../../graph/graph.ts';
import { SectionFile } from '../../../graph/section-file.ts';
import { graphFromSections } from '../../../graph/snapshot.ts';
import type { CacheFile } from '../../../observe/cache/cache-files.ts';
import { type CachedState, stateFrom } from './cached-state.ts';

/**
 * What was made of a cached file is remembered as long as somebody holds the file: a process that stays reads its views once, one
 * that answers once remembers nothing.
 */
function remembered<Key extends WeakKey, Made>(make: (key: Key) => Made): (key: Key) => Made {
  const known = new WeakMap<Key, { readonly made: Made }>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found.made;
    const made = make(key);
    known.set(key, { made });
    return made;
  };
}

/** @throws KARMA_DATA_CORRUPT */
export const sectionsOf: (file: CacheFile) => SectionFile = remembered((file: CacheFile) => new SectionFile(file));

/** @throws KARMA_DATA_CORRUPT */
export const graphIn: (file: SectionFile) => Graph = remembered(graphFromSections);

/** @throws KARMA_DATA_CORRUPT */
export const stateIn: (file: SectionFile) => CachedState = remembered(stateFrom);
