import { setImmediate } from 'node:timers/promises';
import { KarmaError } from '../model/errors.ts';
import type { EngineContext } from './context.ts';

type Asked = Pick<EngineContext, 'signal'>;

/** @throws KARMA_INTERRUPTED where nobody waits for the answer any more */
export function mustBeWanted({ signal }: Asked): void {
  if (signal?.aborted === true)
    throw new KarmaError('KARMA_INTERRUPTED', 'the question was given up', { cause: signal.reason });
}

/** So many steps of a long loop take some milliseconds. */
const between = 64;

/**
 * For loops over thousands: awaited at each step, it lets others in now and then, so that one hears that the question was given up,
 * and ends it. Where nobody can give it up nothing is waited for.
 */
export function breathing(asked: Asked): () => Promise<void> | undefined {
  const { signal } = asked;
  if (signal === undefined) return () => undefined;
  let steps = 0;
  return () => {
    steps += 1;
    return steps % between === 0 ? pause(asked) : undefined;
  };
}

/** Once, where a step itself takes as long as many. */
export async function pause(asked: Asked): Promise<void> {
  if (asked.signal === undefined) return;
  await setImmediate();
  mustBeWanted(asked);
}
