import type { StatusWord } from '../api/answers.ts';

/** How a status is shown: never by colour alone. What is not known looks unknown. */
export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'none';

export interface StatusLook {
  readonly tone: Tone;
  /** Drawn on a 12 px grid; `filled` shapes are filled, others are outlines. */
  readonly shape: string;
  readonly filled?: true;
  /** What needs a person comes first. */
  readonly rank: number;
  readonly about: string;
}

const circle = 'M6 2a4 4 0 1 0 0 8 4 4 0 1 0 0-8';

export const statusLooks: Readonly<Record<StatusWord, StatusLook>> = {
  failed: { tone: 'bad', shape: 'M3 3l6 6M9 3l-6 6', rank: 0, about: 'its last run failed' },
  'check failed': {
    tone: 'bad',
    shape: 'M2.5 6.5 4.5 8.5 6 7M7.5 3.5l2.5 2.5M10 3.5 7.5 6',
    rank: 1,
    about: 'it ran, and a check of its type does not hold',
  },
  interrupted: { tone: 'bad', shape: 'M4.2 2.5v7M7.8 2.5v7', rank: 2, about: 'a deploy was killed while at it' },
  running: { tone: 'info', shape: `${circle}M6 4v2l1.5 1`, rank: 3, about: 'a deploy is at it' },
  stale: { tone: 'warn', shape: 'M6 2 10.3 9.8H1.7z', filled: true, rank: 4, about: 'what it reads has changed since' },
  edited: {
    tone: 'warn',
    shape: 'M2.5 9.5 3 7.5 8 2.5l1.5 1.5-5 5z',
    rank: 5,
    about: 'its configuration changed since',
  },
  drifted: { tone: 'warn', shape: 'M2.5 4.5h7M2.5 7.5h7M7.8 2.3 4.2 9.7', rank: 6, about: 'the real resources differ' },
  unpublished: { tone: 'warn', shape: 'M6 9.8V2.5M3 5.2 6 2.2l3 3', rank: 7, about: 'its runtime is not published' },
  orphaned: {
    tone: 'warn',
    shape: `${circle}M3.3 8.7l5.4-5.4`,
    rank: 8,
    about: 'deployed, and not in the estate any more',
  },
  unknown: {
    tone: 'none',
    shape: 'M4.2 4.4a1.8 1.8 0 1 1 2.5 1.7c-.5.2-.7.5-.7 1v.2M6 9.4v.2',
    rank: 9,
    about: 'nothing tells how it is',
  },
  'never run': { tone: 'none', shape: circle, rank: 10, about: 'nobody has run it' },
  external: { tone: 'none', shape: 'M6 1.8 10.2 6 6 10.2 1.8 6z', rank: 11, about: 'not managed here' },
  deployed: { tone: 'ok', shape: circle, filled: true, rank: 12, about: 'as it should be' },
};

/** The words in the order in which people want to hear of them. */
export const statusWords = (Object.keys(statusLooks) as StatusWord[]).sort(
  (a, b) => statusLooks[a].rank - statusLooks[b].rank,
);

/** The worst of some, for a closed group. */
export function worstOf(words: Iterable<StatusWord>): StatusWord | undefined {
  let worst: StatusWord | undefined;
  for (const word of words) if (worst === undefined || statusLooks[word].rank < statusLooks[worst].rank) worst = word;
  return worst;
}
