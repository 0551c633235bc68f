import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { isKarmaError, KarmaError } from '../../model/errors.ts';

/** A build is asked for at most so often, and looked after even where nothing tells of a change. */
const least = 200;
const most = 30_000;
/** Who starts a service mostly asks it something: the first answer does not wait for a first build. */
const first = 400;

export interface Following {
  readonly build: () => Promise<{ readonly version: number; readonly changed: boolean }>;
  /** The folder that holds the repository's refs; undefined: only time tells. */
  readonly refs: string | undefined;
  readonly built: (version: number, changed: boolean) => void;
  readonly failed: (error: KarmaError) => void;
}

/**
 * Publishes what the followed ref becomes, by itself: a build after whatever moves a ref, and now and then in case nobody
 * told. A build of what is published already costs a look into the ledger. One at a time.
 */
export function follow({ build, refs, built, failed }: Following): {
  /** Something may be another one: a build, soon. */
  readonly told: () => void;
  readonly stop: () => Promise<void>;
} {
  let stopped = false;
  let wanted = true;
  let busy = false;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const turn = async (): Promise<void> => {
    wanted = false;
    busy = true;
    try {
      const { version, changed } = await build();
      built(version, changed);
    } catch (error) {
      failed(isKarmaError(error) ? error : new KarmaError('KARMA_BUG', String(error)));
    }
    busy = false;
    if (!stopped) timer = setTimeout(next, wanted ? least : most);
  };
  const next = (): void => {
    running = turn();
  };
  const told = (): void => {
    if (stopped || wanted) return;
    wanted = true;
    // A build that runs asks itself at its end: two at a time would be two writers of one version.
    if (busy) return;
    clearTimeout(timer);
    timer = setTimeout(next, least);
  };
  const watcher = refs === undefined ? undefined : watching(refs, told);
  timer = setTimeout(next, first);
  return {
    told,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      watcher?.close();
      await running;
    },
  };
}

interface Watching {
  close(): void;
}

/**
 * Looks at the folders that refs lie in, each by itself: a ref is renamed into its place, and who watches files, or a folder with
 * all below it, hears of that once and loses it.
 */
function watching(folder: string, told: () => void): Watching {
  const watched = new Map<string, { readonly watcher: FSWatcher; readonly inode: number }>();
  const drop = (place: string) => {
    watched.get(place)?.watcher.close();
    watched.delete(place);
  };
  const add = (place: string, isMeant: (name: string) => boolean) => {
    try {
      const inode = statSync(place).ino;
      if (watched.get(place)?.inode === inode) return;
      drop(place);
      const watcher = watch(place, (_event, name) => {
        // Locks come before the ref that they become.
        if (name !== null && (name.endsWith('.lock') || !isMeant(name))) return;
        told();
        addAll();
      });
      watcher.on('error', () => drop(place));
      watcher.unref();
      watched.set(place, { watcher, inode });
    } catch {
      // It is gone, or nothing more can be watched: then time tells.
      drop(place);
    }
  };
  const addAll = () => {
    add(folder, (name) => name === 'HEAD' || name === 'packed-refs' || name === 'refs');
    for (const place of foldersIn(join(folder, 'refs'))) add(place, () => true);
  };
  addAll();
  return {
    close: () => {
      for (const place of [...watched.keys()]) drop(place);
    },
  };
}

/** With all below it. */
function foldersIn(place: string): readonly string[] {
  try {
    const below = readdirSync(place, { recursive: true, withFileTypes: true });
    return [place, ...below.filter((one) => one.isDirectory()).map((one) => join(one.parentPath, one.name))];
  } catch {
    return [];
  }
}
