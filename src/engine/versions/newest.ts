import type { EngineContext } from '../context.ts';
import { type Publication, publishedAction } from './project.ts';

/** The newest published version; undefined where nothing was published. One look into the ledger. */
export async function newestPublished(
  context: EngineContext,
): Promise<{ readonly version: number; readonly hash: string; readonly at: string } | undefined> {
  const ledger = await context.stores.ledger();
  const [event] = await ledger.read({ action: publishedAction, limit: 1, backwards: true });
  if (event === undefined) return undefined;
  const { version, hash } = event.details as unknown as Publication;
  return { version, hash, at: event.at };
}
