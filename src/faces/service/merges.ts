import { setTimeout as sleep } from 'node:timers/promises';
import { type LookedAt, seeMerged } from '../../engine/applying/see-merged.ts';
import type { EngineContext } from '../../engine/context.ts';
import { isKarmaError } from '../../model/errors.ts';

/** Looks now and then whether a change was merged where a team merges pull requests. What is wrong is said once, until it is over. */
export async function keepSeeing({
  context,
  every,
  stop,
  say,
}: {
  readonly context: EngineContext;
  /** Milliseconds. */
  readonly every: number;
  readonly stop: AbortSignal;
  readonly say: (text: string) => void;
}): Promise<void> {
  const lookedAt: LookedAt = new Map();
  let trouble = '';
  while (!stop.aborted) {
    try {
      for (const { id, merged } of await seeMerged(context, { lookedAt }))
        say(`${id} was merged by ${merged?.by}: \`karma change apply ${id}\` deploys it`);
      trouble = '';
    } catch (error) {
      const words = isKarmaError(error) ? `${error.code} ${error.message}` : String(error);
      // An estate that is no repository, or has no commit yet, has no changes either.
      const isNone = isKarmaError(error) && ['KARMA_USAGE', 'KARMA_NO_SUCH_REVISION'].includes(error.code);
      if (words !== trouble && !isNone) say(`could not look for merges: ${words}`);
      trouble = words;
    }
    await sleep(every, undefined, { signal: stop }).catch(() => undefined);
  }
}
