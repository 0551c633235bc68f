import { cacheAnew } from '../engine/view/following/cache-anew.ts';
import type { CachePlace } from './cache-beside.ts';
import { openContext } from './open.ts';

/** The program of the process that keeps a view as a whole; then it ends, and so it does with the one that began it. See `keep-beside.ts`. */

process.once('disconnect', () => process.exit());
process.once('message', async (message) => {
  const { at, ...place } = message as CachePlace;
  const context = openContext({ ...place, report: () => undefined });
  await cacheAnew(context, at);
  await context.stores.close();
  process.disconnect();
});
