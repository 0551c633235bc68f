import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { record } from '../../consequence/records.fixture.ts';
import { deploySet } from '../../deploy/deploy.ts';
import { appendWithRecord, recordsOf } from '../../deploy/records.ts';
import { process as simulated, usual, World } from '../../deploy/simulation.fixture.ts';
import { makeRow, rowId } from '../../model/rows.ts';
import { openSqliteGraphStore } from '../../stores/graph/sqlite/graph-store.ts';
import { openSqliteLedger } from '../../stores/ledger/sqlite/ledger.ts';
import { temporaryFolder } from '../../stores/sqlite/temporary-folder.ts';
import type { EngineContext } from '../context.ts';
import { publish } from '../versions/publish.ts';
import { forgetVersions, rebuildStore, verifyStore } from '../versions/versions.ts';
import { verifyWhole } from './verify.ts';

const folders: ReturnType<typeof temporaryFolder>[] = [];
afterAll(() => {
  for (const folder of folders) folder.remove();
});

/** A ledger of one deploy, one run of others and two versions, and the graph store that goes with it. */
async function given() {
  const folder = temporaryFolder();
  folders.push(folder);
  const ledger = openSqliteLedger({ file: folder.file('ledger.db') });
  const graph = openSqliteGraphStore({ file: folder.file('graph.db') });
  const context = {
    ...{ actor: 'ted', door: 'cli', now: () => '2026-11-24T10:00:00Z', version: 'test' },
    stores: { ledger: async () => ledger, graph: async () => graph },
  } as unknown as EngineContext;
  const world = new World([
    { id: 'vpc', config: 1, reads: [] },
    { id: 'app', config: 2, reads: [{ from: 'vpc', output: 'a' }] },
  ]);
  const { ports } = simulated(world, 'one');
  await deploySet(world.set('d1'), { ...ports, ledger }, usual);
  const seen = record({ component: 'web', reconstructed: true, source: 'state', state: { serial: 1, lineage: 'l' } });
  const about = { actor: 'ted', door: 'cli', subject: 'web', outcome: 'ok', at: seen.at } as const;
  await appendWithRecord(ledger, [{ action: 'run.recorded', ...about, details: { record: seen } }], seen);
  for (const value of [1, 2]) {
    const row = makeRow('component', 'vpc', { id: 'vpc', value }, { line: value });
    const sources = { manifest: [], identity: `i${value}`, environment: {} };
    await publish(context, () => new Map([[rowId(row), row]]), sources);
  }
  const tamper = (file: string, sql: string) => {
    const db = new DatabaseSync(folder.file(file));
    db.exec(sql);
    db.close();
  };
  return { ledger, context, tamper };
}

describe('what rests on events', () => {
  it('holds as it was written, and a store made again from it is the same', async () => {
    const { ledger, context } = await given();
    expect(await verifyWhole(ledger)).toMatchObject({ chain: { sound: true }, faults: [] });
    expect(await verifyStore(context)).toMatchObject({ version: 2, same: true, problems: [] });
    expect(await rebuildStore(context)).toMatchObject({ same: true, rebuilt: [] });
  });

  it.each([
    ['a record', `UPDATE document SET body = replace(body, '"finished"', '"failed"') WHERE id = 'app'`, 'record/app'],
    [
      'one that nobody wrote',
      `INSERT INTO document SELECT 'record', 'x', 1, body FROM document WHERE id = 'vpc' AND kind = 'record'`,
      'record/x',
    ],
    ['one that is gone', `DELETE FROM document WHERE id = 'vpc' AND kind = 'record'`, 'record/vpc'],
    ['one that is null', `UPDATE document SET body = 'null' WHERE id = 'web'`, 'record/web'],
    ['a deploy', `UPDATE document SET body = replace(body, '"ended"', '"running"') WHERE kind = 'deploy'`, 'deploy/d1'],
    [
      'a run of it',
      `UPDATE document SET body = replace(body, '"finished"', '"applying"') WHERE id = 'd1/app'`,
      'deploy-run/d1/app',
    ],
    ['a revision', `UPDATE document SET revision = revision + 1 WHERE id = 'app'`, 'record/app'],
    ['a fence lowered', 'UPDATE lease SET fence = fence - 1', 'environment:prod'],
    ['a lease gone', 'DELETE FROM lease', 'environment:prod'],
    ['a counter moved on', `UPDATE counter SET value = 7 WHERE name = 'graph'`, 'graph'],
    ['a counter put back', `UPDATE counter SET value = 1 WHERE name = 'graph'`, 'graph'],
  ])('edited shows: %s', async (_what, sql, name) => {
    const { ledger, context, tamper } = await given();
    tamper('ledger.db', sql);
    expect((await verifyWhole(ledger)).faults.map((one) => one.name)).toEqual([name]);
    expect((await verifyStore(context)).same).toBe(false);
  });

  it('objects too, edited or gone', async () => {
    for (const sql of [`UPDATE object SET bytes = x'00', encoding = 'raw'`, 'DELETE FROM object']) {
      const { ledger, context, tamper } = await given();
      tamper('ledger.db', sql);
      const { faults } = await verifyWhole(ledger);
      expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(['object']));
      expect((await verifyStore(context)).same).toBe(false);
      // A store that still answers is not thrown away for deltas that are lost.
      await expect(rebuildStore(context)).rejects.toMatchObject({ code: 'KARMA_DATA_CORRUPT' });
      expect(await (await context.stores.graph()).load(2)).toHaveLength(1);
    }
  });

  it('a row of the store shows, also in what is not hashed', async () => {
    for (const sql of [`UPDATE live SET note = '{"line":9}'`, `UPDATE live SET value = replace(value, '2', '3')`]) {
      const { context, tamper } = await given();
      tamper('graph.db', sql);
      expect((await verifyStore(context)).problems.join()).toMatch(/differs from the recorded deltas in 1 rows/);
      expect((await rebuildStore(context)).same).toBe(true);
    }
  });

  it.each([
    ['a value of a row that was', `UPDATE past SET value = replace(value, '1', '3')`],
    ['what was not hashed of it', `UPDATE past SET note = '{"line":9}'`],
    ['whose it was', `UPDATE past SET key = 'other'`],
    ['where it ended', 'UPDATE past SET until = 9'],
    ['where it began', 'UPDATE past SET since = 0'],
    ['where one that is began', 'UPDATE live SET since = 1'],
    ['one that is gone', 'DELETE FROM past'],
    ['a version that nobody forgot', 'DELETE FROM version WHERE number = 1'],
    ['the hash of a version', `UPDATE version SET hash = 'x' WHERE number = 1`],
  ])('an earlier version of the store shows: %s', async (_what, sql) => {
    const { context, tamper } = await given();
    tamper('graph.db', sql);
    const { same, problems } = await verifyStore(context);
    expect(same).toBe(false);
    expect(problems).not.toEqual([]);
    expect(await rebuildStore(context)).toMatchObject({ same: true, problems: [] });
  });

  it('versions that somebody forgot are missed by nobody', async () => {
    const { context } = await given();
    await forgetVersions(context, 2);
    expect(await verifyStore(context)).toMatchObject({ same: true, problems: [] });
  });

  it('a fence is brought back to where it stood', async () => {
    const { ledger, context, tamper } = await given();
    tamper('ledger.db', 'DELETE FROM lease');
    expect((await verifyWhole(ledger)).faults.map(({ kind }) => kind)).toEqual(['lease']);
    expect(await rebuildStore(context)).toMatchObject({ same: true, problems: [] });
    expect(await ledger.leases.look('environment:prod')).toMatchObject({ fence: 1, holder: undefined });
  });

  it('documents are made again from the events, and hold from then on', async () => {
    const { ledger, context, tamper } = await given();
    const before = await Promise.all(['vpc', 'app', 'web'].map((id) => recordsOf(ledger, id, '')));
    tamper('ledger.db', `UPDATE document SET body = 'null' WHERE kind <> 'history'`);
    await expect(recordsOf(ledger, 'vpc', '')).rejects.toMatchObject({ code: 'KARMA_DATA_CORRUPT' });
    const verdict = await rebuildStore(context);
    expect(verdict).toMatchObject({ same: true, problems: [] });
    expect(verdict.rebuilt).toHaveLength(6);
    expect(await Promise.all(['vpc', 'app', 'web'].map((id) => recordsOf(ledger, id, '')))).toEqual(before);
    expect(await ledger.getDocument('deploy', 'd1')).toMatchObject({ body: { state: 'ended', members: [] } });
  });

  it('a ledger that began before documents were bound is believed as far as its events vouch for it', async () => {
    const { ledger, tamper } = await given();
    const kept = record({ component: 'old' });
    const about = { actor: 'ted', door: 'cli', subject: 'old', outcome: 'ok', at: kept.at } as const;
    await ledger.append([{ action: 'run.applied', ...about, details: { record: kept } }]);
    await ledger.putDocument('record', 'old', { last: kept, finished: kept }, 0);
    expect((await verifyWhole(ledger)).faults).toEqual([]);
    tamper('ledger.db', `UPDATE document SET body = replace(body, '"r1"', '"r7"') WHERE id = 'old'`);
    expect((await verifyWhole(ledger)).faults.map((one) => one.name)).toEqual(['record/old']);
  });
});
