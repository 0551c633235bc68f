import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Delta } from '../../src/model/rows.ts';
import { NeptuneClient } from '../../src/stores/graph/neptune/client.ts';
import { openNeptuneGraphStore } from '../../src/stores/graph/neptune/graph-store.ts';
import { openSqliteGraphStore } from '../../src/stores/graph/sqlite/graph-store.ts';
import { verifyLedger } from '../../src/stores/ledger/chain.ts';
import { openDynamoLedger } from '../../src/stores/ledger/dynamodb/ledger.ts';
import type { Ledger } from '../../src/stores/ledger/port.ts';
import { temporaryFolder } from '../../src/stores/sqlite/temporary-folder.ts';
import { createLedgerTable } from './ledger-table.ts';
import { motoClient } from './moto-client.ts';
import { newName, servers, withServer } from './servers.ts';

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

const program = fileURLToPath(new URL('./racing-process.ts', import.meta.url));

withServer('DynamoDB and Neptune', servers.gremlin, ({ endpoint: gremlinEndpoint }) => {
  withServer('together', servers.moto, ({ endpoint: motoEndpoint }) => {
    beforeAll(async () => {
      const client = new DynamoDBClient(motoClient(motoEndpoint));
      await createLedgerTable(DynamoDBDocumentClient.from(client), 'karma');
    });

    const start = (estate: string, name: string, count: number) => {
      const args = ['--gremlin', gremlinEndpoint, '--moto', motoEndpoint, '--estate', estate, '--name', name];
      const child = spawn(process.execPath, [program, ...args, '--count', String(count)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.push(child);
      let out = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        out += text;
      });
      const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
      return { child, ended, said: () => out.split('\n').filter(Boolean).map(Number) };
    };
    const openLedger = (estate: string) =>
      openDynamoLedger({ table: 'karma', estate, client: motoClient(motoEndpoint) });
    const openStore = (estate: string) =>
      openNeptuneGraphStore({
        client: new NeptuneClient({ endpoint: gremlinEndpoint, language: 'gremlin-lang' }),
        estate,
      });

    it('eight processes that build at once make one history, and the store is its projection', async () => {
      const estate = newName('racing');
      const builders = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => start(estate, name, 3));
      expect(await Promise.all(builders.map((builder) => builder.ended))).toEqual(builders.map(() => 0));
      const versions = builders.flatMap((builder) => builder.said()).sort((a, b) => a - b);
      expect(versions).toEqual(Array.from({ length: 24 }, (_, n) => n + 1));
      await expectProjection(await openLedger(estate), openStore(estate), 24);
    });

    it('processes killed while they build leave a history that the next one completes', async () => {
      const estate = newName('killed');
      const doomed = ['x', 'y', 'z'].map((name) => start(estate, name, 1000));
      const [first] = doomed;
      while ((first?.said().length ?? 0) < 2) await new Promise((resolve) => setTimeout(resolve, 5));
      for (const { child } of doomed) child.kill('SIGKILL');
      await Promise.all(doomed.map(({ ended }) => ended));
      const last = start(estate, 'w', 1);
      expect(await last.ended).toBe(0);
      const ledger = await openLedger(estate);
      await expectProjection(ledger, openStore(estate), await ledger.counter('graph'));
    });
  });
});

/** Replays the ledger into an empty SQLite store and compares each version with what the other store holds. */
async function expectProjection(ledger: Ledger, store: ReturnType<typeof openNeptuneGraphStore>, head: number) {
  expect(await verifyLedger(ledger)).toMatchObject({ sound: true });
  expect(await store.head()).toBe(head);
  const folder = temporaryFolder();
  const replayed = openSqliteGraphStore({ file: folder.file('graph.db') });
  const events = await ledger.read({ limit: 1000, action: 'graph.published' });
  expect(events).toHaveLength(head);
  for (const [index, event] of events.entries()) {
    const bytes = await ledger.getObject(String(event.details['delta']));
    await replayed.apply(index + 1, JSON.parse(new TextDecoder().decode(bytes)) as Delta, event.hash);
  }
  for (let version = 1; version <= head; version += 1) {
    expect(await store.load(version)).toEqual(await replayed.load(version));
    expect(await store.hash(version)).toBe(await replayed.hash(version));
  }
  await replayed.close();
  folder.remove();
}
