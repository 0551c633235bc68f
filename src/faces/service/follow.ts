import { type FSWatcher, watch } from 'node:fs';
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

function watching(folder: string, told: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { recursive: true }, (_event, name) => {
      // Objects and locks come before the ref that names them.
      if (name === null || /^(?:HEAD|packed-refs|refs\/.*)$/.test(name.replaceAll('\\', '/'))) told();
    });
    watcher.on('error', () => watcher.close());
    watcher.unref();
    return watcher;
  } catch {
    return undefined;
  }
}
