import { cacheAnew } from '../engine/view/following/cache-anew.ts';
import type { CachePlace } from './cache-beside.ts';
import { openEngine } from './open.ts';

/** The program of the process that keeps a view as a whole; then it ends, and so it does with the one that began it. See `cache-beside.ts`. */

process.once('disconnect', () => process.exit());
process.once('message', async (message) => {
  const { at, ...place } = message as CachePlace;
  const context = openEngine(place).as({ door: 'cli' });
  await cacheAnew(context, at);
  await context.stores.close();
  process.disconnect();
});
