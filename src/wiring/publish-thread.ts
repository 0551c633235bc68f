import { parentPort, workerData } from 'node:worker_threads';
import { FirstPublisher } from '../engine/versions/publish-first.ts';
import { openEngine } from './open.ts';
import type { ThreadPlace, ToThread } from './publish-beside.ts';

/** The program of the thread that publishes: one publication, then it ends. See `publish-beside.ts`. */

const context = openEngine(workerData as ThreadPlace).as({ door: 'cli' });
let publisher: FirstPublisher | undefined;
parentPort?.on('message', async (message: ToThread) => {
  if ('rows' in message) {
    publisher = new FirstPublisher(context, message.rows);
    return;
  }
  try {
    const published = await publisher?.publish(message.publication);
    await context.stores.close();
    parentPort?.postMessage(published);
  } finally {
    parentPort?.close();
  }
});
// Opened while the other thread still infers.
await Promise.all([context.stores.ledger(), context.stores.graph()]);
