import { keepAnew } from '../engine/view/keep-anew.ts';
import type { KeptPlace } from './keep-beside.ts';
import { openContext } from './open.ts';

/** The program of the process that keeps a view as a whole; then it ends, and so it does with the one that began it. See `keep-beside.ts`. */

process.once('disconnect', () => process.exit());
process.once('message', async (message) => {
  const { at, ...place } = message as KeptPlace;
  const context = openContext({ ...place, report: () => undefined });
  await keepAnew(context, at);
  await context.stores.close();
  process.disconnect();
});
