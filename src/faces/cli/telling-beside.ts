import type { EngineContext } from '../../engine/context.ts';
import { hooksOf } from '../../engine/hooks/hooks-of.ts';
import { keepTelling } from '../../engine/hooks/keep-telling.ts';
import { beginHooks } from '../../engine/hooks/tell-hooks.ts';
import type { Output } from './output.ts';

/** Tells hooks while a command works, and what is left of it at its end. Undefined where nobody is to be told. */
export async function tellingBeside(
  context: EngineContext,
  output: Output,
): Promise<(() => Promise<void>) | undefined> {
  if ((await hooksOf(context)).hooks.length === 0) return undefined;
  // What this command does comes after: of that they are told, whoever is killed.
  await beginHooks(context);
  const stop = new AbortController();
  const telling = keepTelling(context, { stop: stop.signal, say: (text) => output.talk(text) });
  return async () => {
    stop.abort();
    await telling;
  };
}
