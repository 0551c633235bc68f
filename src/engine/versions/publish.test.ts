import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { hashRows } from '../../model/merkle.ts';
import { makeRow, type Row, rowId } from '../../model/rows.ts';
import { noCache } from '../../observe/cache/no-cache.fixture.ts';
import { openSqliteGraphStore } from '../../stores/graph/sqlite/graph-store.ts';
import { openSqliteLedger } from '../../stores/ledger/sqlite/ledger.ts';
import type { EngineContext } from '../context.ts';
import { publicationOf, readDelta, rollForward } from './project.ts';
import { publish } from './publish.ts';
import { listVersions, rebuildStore, verifyStore, versionAt } from './versions.ts';

const folders: string[] = [];
const sources = { manifest: [], identity: '', environment: {} };

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function contextOn(folder: string): EngineContext {
  let tick = 0;
  const ledger = openSqliteLedger({ file: join(folder, 'ledger.db') });
  const graph = openSqliteGraphStore({ file: join(folder, 'graph.db') });
  return {
    request: { cwd: folder, repos: [], fetchedModules: 'none' },
    env: {},
    distrusted: [],
    actor: 'tester',
    door: 'cli',
    now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, tick++)).toISOString(),
    newId: () => `id${tick++}`,
    report: () => undefined,
    version: '0',
    remotes: { fetch: () => Promise.reject(new Error('no remotes here')) },
    hooks: { send: async () => undefined, start: async () => undefined },
    shared: { fetch: async () => undefined, push: async () => ({ is: 'moved' }) },
    modules: {
      fetch: () => Promise.reject(new Error('no modules here')),
      lock: () => Promise.reject(new Error('no modules here')),
    },
    cache: noCache,
    stores: {
      ledger: async () => ledger,
      graph: async () => graph,
      parameters: () => Promise.reject(new Error('no parameters here')),
      knownBindings: async () => [],
      bindings: () => [],
      environmentOf: (binding) => binding,
      observe: () => Promise.reject(new Error('no parameters here')),
      ask: () => Promise.reject(new Error('no questions here')),
      places: [],
      check: async () => [],
      policy: () => Promise.reject(new Error('no policy here')),
      seal: async () => () => 'k1:0',
      dataFolder: folder,
      placeGiven: true,
      close: async () => {
        await ledger.close();
        await graph.close();
      },
    },
  };
}

function freshContext(): EngineContext {
  const folder = mkdtempSync(join(tmpdir(), 'karma-publish-'));
  folders.push(folder);
  return contextOn(folder);
}

function rowsOf(values: Readonly<Record<string, number>>): ReadonlyMap<string, Row> {
  const rows = Object.entries(values).map(([key, value]) => makeRow('component', key, { value }));
  return new Map(rows.map((row) => [rowId(row), row]));
}

describe('publishing versions', () => {
  it('publishes nothing when nothing differs', async () => {
    const context = freshContext();
    const rows = rowsOf({ a: 1 });
    expect(await publish(context, () => rows, sources)).toMatchObject({ version: 1, changed: true });
    expect(await publish(context, () => rows, sources)).toMatchObject({ version: 1, changed: false });
    expect((await listVersions(context, { limit: 10 })).versions).toHaveLength(1);
    await context.stores.close();
  });

  it('gives each of several builds at once a version of its own, and each follows from the one before', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'karma-publish-'));
    folders.push(folder);
    const contexts = Array.from({ length: 4 }, () => contextOn(folder));
    await Promise.all(
      contexts.map((context, index) =>
        publish(context, (before) => new Map([...before, ...rowsOf({ [`c${index}`]: index })]), sources),
      ),
    );
    const [first] = contexts;
    if (first === undefined) throw new Error('no context');
    const { versions } = await listVersions(first, { limit: 10 });
    expect(versions.map(({ version }) => version)).toEqual([4, 3, 2, 1]);
    const store = await first.stores.graph();
    expect((await store.load(4)).map((row) => row.key)).toEqual(['c0', 'c1', 'c2', 'c3']);
    for (const context of contexts) await context.stores.close();
  });

  it('rolls a store forward that was left behind by a crash after the commit', async () => {
    const context = freshContext();
    await publish(context, () => rowsOf({ a: 1 }), sources);
    await publish(context, () => rowsOf({ a: 2, b: 1 }), sources);
    const store = await context.stores.graph();
    await store.clear();
    expect(await rollForward(await context.stores.ledger(), store)).toBe(2);
    expect(await verifyStore(context)).toMatchObject({ version: 2, same: true });
    await context.stores.close();
  });

  it('finds the newest version committed by a time, and names the first for a time before it', async () => {
    const context = freshContext();
    await publish(context, () => rowsOf({ a: 1 }), sources);
    await publish(context, () => rowsOf({ a: 2 }), sources);
    const {
      versions: [, first],
    } = await listVersions(context, { limit: 10 });
    expect(await versionAt(context, first?.at ?? '')).toBe(1);
    expect(await versionAt(context, '2030-01-01T00:00:00Z')).toBe(2);
    await expect(versionAt(context, '2020-01-01T00:00:00Z')).rejects.toMatchObject({
      code: 'KARMA_NO_SUCH_VERSION',
      hint: expect.stringContaining('v1'),
    });
    await context.stores.close();
  });

  it('replays to the same rows and hashes for any history', async () => {
    const estate = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 0, max: 2 }));
    await fc.assert(
      fc.asyncProperty(fc.array(estate, { minLength: 1, maxLength: 5 }), async (history) => {
        const context = freshContext();
        for (const values of history) await publish(context, () => rowsOf(values), sources);
        const store = await context.stores.graph();
        const ledger = await context.stores.ledger();
        const head = await store.head();
        const before = await Promise.all(Array.from({ length: head }, (_, index) => store.load(index + 1)));
        await rebuildStore(context);
        const after = await Promise.all(Array.from({ length: head }, (_, index) => store.load(index + 1)));
        expect(after).toEqual(before);
        for (let version = 1; version <= head; version++) {
          const { publication } = await publicationOf(ledger, version);
          expect(hashRows(after[version - 1] ?? []).hash).toBe(publication.hash);
          expect((await readDelta(ledger, publication)).put.length).toBe(publication.changed.put);
        }
        await context.stores.close();
      }),
      { numRuns: 25 },
    );
  });
});
