import { parentPort, workerData } from 'node:worker_threads';
import { type FirstPublication, publishFirst } from '../engine/versions/publish-first.ts';
import { openContext } from './open.ts';
import type { ThreadPlace } from './publish-beside.ts';

/** The program of the thread that publishes: one publication, then it ends. See `publish-beside.ts`. */

const context = openContext({ ...(workerData as ThreadPlace), report: () => undefined });
parentPort?.once('message', async (first: FirstPublication) => {
  try {
    const published = await publishFirst(context, first);
    await context.stores.close();
    parentPort?.postMessage(published);
  } finally {
    parentPort?.close();
  }
});
// Opened while the other thread still infers.
await Promise.all([context.stores.ledger(), context.stores.graph()]);
