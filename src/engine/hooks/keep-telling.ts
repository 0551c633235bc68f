import { setTimeout as sleep } from 'node:timers/promises';
import { isKarmaError } from '../../model/errors.ts';
import type { EngineContext } from '../context.ts';
import { hooksOf } from './hooks-of.ts';
import { beginHooks, tellHooks } from './tell-hooks.ts';

/** How often it is looked whether something happened. */
const look = 1000;

/** Tells hooks as things happen, until somebody stops it: then once more of what is due. What cannot be told is said once. */
export async function keepTelling(
  context: EngineContext,
  { stop, say }: { readonly stop: AbortSignal; readonly say: (text: string) => void },
): Promise<void> {
  const said = new Set<string>();
  const once = (text: string): void => {
    if (!said.has(text)) say(text);
    said.add(text);
  };
  let seen = -1;
  let due: string | undefined;
  const turn = async (): Promise<void> => {
    try {
      if (seen < 0) await beginHooks(context);
      const ledger = await context.stores.ledger();
      const news = await ledger.read({ action: 'change.', after: Math.max(0, seen), limit: 1 });
      const isDue = due !== undefined && due <= context.now();
      if (seen >= 0 && news.length === 0 && !isDue) return;
      const { seq } = await ledger.head();
      for (const { name, refused } of (await hooksOf(context)).hooks)
        if (refused !== undefined) once(`hook ${name} is told nothing: ${refused}`);
      ({ due } = await tellHooks(context));
      seen = seq;
    } catch (error) {
      once(`hooks are not told: ${isKarmaError(error) ? `${error.code} ${error.message}` : String(error)}`);
    }
  };
  while (!stop.aborted) {
    await turn();
    await sleep(look, undefined, { signal: stop }).catch(() => undefined);
  }
  await turn();
}
