import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NeptuneClient } from '../../src/stores/graph/neptune/client.ts';
import { openNeptuneGraphStore } from '../../src/stores/graph/neptune/graph-store.ts';
import type { GraphStore } from '../../src/stores/graph/port.ts';
import { historyOfDeltas } from '../../src/stores/graph/random-history.ts';
import { openSqliteGraphStore } from '../../src/stores/graph/sqlite/graph-store.ts';
import { temporaryFolder } from '../../src/stores/sqlite/temporary-folder.ts';
import { type Fault, type FaultProxy, neptuneError, pass, startFaultProxy } from './fault-proxy.ts';
import { hasty } from './neptune-faults.ts';
import { newName } from './servers.ts';

const faults: readonly Fault[] = [
  pass,
  pass,
  pass,
  { kind: 'reset' },
  { kind: 'lose' },
  { kind: 'cut', clean: false },
  { kind: 'cut', clean: true },
  neptuneError('ConcurrentModificationException'),
  neptuneError('ThrottlingException', 429),
];

/** Random histories, on a network that breaks at random, with processes that stop in the middle. */
export function neptuneHistories(endpoint: string): void {
  describe('SQLite and Neptune', () => {
    let proxy: FaultProxy;
    beforeAll(async () => {
      proxy = await startFaultProxy(endpoint);
    });
    afterAll(() => proxy.close());

    it('answer byte by byte the same after any history of deltas, faults, crashes and forgetting', async () => {
      const fates = fc.infiniteStream(fc.constantFrom(...faults));
      const step = fc.record({ records: fc.constantFrom(15, 40, 200), crash: fc.boolean(), forget: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(historyOfDeltas, fates, fc.infiniteStream(step), async (history, fate, steps) => {
          const estate = newName('history');
          const folder = temporaryFolder();
          const sqlite = openSqliteGraphStore({ file: folder.file('graph.db') });
          const calm = new NeptuneClient({ endpoint, language: 'gremlin-lang' });
          const client = new NeptuneClient({
            endpoint: proxy.endpoint,
            language: 'gremlin-lang',
            pacing: hasty,
            attempts: 100,
          });
          for (const { version, delta, hash } of history) {
            const { records, crash, forget } = steps.next().value ?? { records: 15, crash: false, forget: false };
            if (crash) {
              // A process that dies after its first request.
              const start = proxy.seen.length;
              proxy.decide = (_, index) => (index === start ? pass : neptuneError('AccessDeniedException', 403));
              await openNeptuneGraphStore({ client, estate, records })
                .apply(version, delta, hash)
                .catch(() => undefined);
            }
            proxy.decide = () => fate.next().value ?? pass;
            await openNeptuneGraphStore({ client, estate, records }).apply(version, delta, hash);
            await sqlite.apply(version, delta, hash);
            if (forget && version > 2) {
              for (const store of [sqlite, openNeptuneGraphStore({ client, estate })])
                await store.forgetBefore(version - 1);
            }
          }
          const neptune = openNeptuneGraphStore({ client: calm, estate });
          expect(await everything(neptune)).toBe(await everything(sqlite));
          await sqlite.close();
          folder.remove();
        }),
        { numRuns: 25 },
      );
    });
  });
}

/** All that can be asked of a store of these histories, as one text. */
async function everything(store: GraphStore): Promise<string> {
  const answers: unknown[] = [];
  const ask = async (question: () => Promise<unknown>) => {
    answers.push(await question().catch((error: unknown) => (error instanceof Error ? error.message : error)));
  };
  const head = await store.head();
  for (let version = 0; version <= head + 1; version += 1) {
    await ask(() => store.load(version));
    await ask(async () => (await store.hash(version)) ?? 'none');
    for (let from = 0; from <= version; from += 1) await ask(() => store.between(from, version));
  }
  for (const table of ['component', 'reference', 'type', 'finding', 'deployment'] as const) {
    for (const key of ['a', 'a/b', 'a|b', '😀']) await ask(() => store.history(table, key));
  }
  return JSON.stringify(answers);
}
