import type { EngineContext } from '../context.ts';
import { type Publication, publishedAction } from './project.ts';
import { type NewestVersion, ResidentVersions } from './resident-versions.ts';

/** The newest published version; undefined where nothing was published. One look into the ledger. */
export async function newestPublished(context: EngineContext): Promise<NewestVersion | undefined> {
  const ledger = await context.stores.ledger();
  const read = async (): Promise<NewestVersion | undefined> => {
    const [event] = await ledger.read({ action: publishedAction, limit: 1, backwards: true });
    if (event === undefined) return undefined;
    const { version, hash } = event.details as unknown as Publication;
    return { version, hash, at: event.at };
  };
  const { resident } = context;
  if (resident === undefined) return read();
  resident.versions ??= new ResidentVersions();
  return resident.versions.newest(ledger, read);
}
