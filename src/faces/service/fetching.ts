import type { RepositoryFetchAnswer } from '../../engine/verbs/repository-fetch.ts';

/** However many ask for it, fetches are so far apart at least. */
const least = 1_000;

export interface FetchingOptions {
  /** @param names undefined: all */
  readonly fetch: (names: readonly string[] | undefined, signal: AbortSignal) => Promise<RepositoryFetchAnswer>;
  /** Milliseconds; 0: only where somebody asks. */
  readonly every: number;
  /** Something is another one than before. */
  readonly moved: () => void;
  readonly say: (text: string) => void;
}

export interface Fetching {
  /** Asks for a fetch of some, soon: one at a time, and what is asked for meanwhile is one more. */
  ask(names: readonly string[]): void;
  stop(): Promise<void>;
}

/** Fetches what lies elsewhere, at the start, now and then, and when somebody tells that it moved. */
export function fetching({ fetch, every, moved, say }: FetchingOptions): Fetching {
  const stopped = new AbortController();
  const wanted = new Set<string>();
  const troubles = new Map<string, string>();
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const tell = (name: string, trouble: string) => {
    // Said once, until it is over or another one.
    if (trouble !== '' && troubles.get(name) !== trouble) say(`could not fetch ${name || 'the estate'}: ${trouble}`);
    troubles.set(name, trouble);
  };
  const turn = async (names: readonly string[] | undefined): Promise<void> => {
    try {
      const { repositories } = await fetch(names, stopped.signal);
      for (const { name, trouble = '' } of repositories) tell(name, trouble);
      if (repositories.some((one) => one.moved)) moved();
    } catch (error) {
      if (!stopped.signal.aborted) tell('', error instanceof Error ? error.message : String(error));
    }
    running = undefined;
    if (stopped.signal.aborted) return;
    if (wanted.size > 0) timer = setTimeout(asked, least);
    else if (every > 0) timer = setTimeout(all, Math.max(every, least));
  };
  const all = () => {
    wanted.clear();
    running = turn(undefined);
  };
  const asked = () => {
    const names = [...wanted];
    wanted.clear();
    running = turn(names);
  };
  timer = setTimeout(every > 0 ? all : () => undefined, 0);
  return {
    ask: (names) => {
      for (const name of names) wanted.add(name);
      if (running !== undefined || stopped.signal.aborted) return;
      clearTimeout(timer);
      timer = setTimeout(asked, 0);
    },
    stop: async () => {
      stopped.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
