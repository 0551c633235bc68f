import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { record } from '../../consequence/records.fixture.ts';
import { deploySet } from '../../deploy/deploy.ts';
import { appendWithRecord } from '../../deploy/records.ts';
import { process as simulated, usual, World } from '../../deploy/simulation.fixture.ts';
import { openSqliteLedger } from '../../stores/ledger/sqlite/ledger.ts';
import { temporaryFolder } from '../../stores/sqlite/temporary-folder.ts';
import type { EngineContext } from '../context.ts';
import { ask } from './table.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** Two deploys of two components, one after the other, and a run that others made. */
async function given() {
  const place = temporaryFolder();
  const ledger = openSqliteLedger({ file: place.file('ledger.db') });
  const context = {
    stores: { ledger: async () => ledger, dataFolder: place.path },
  } as unknown as EngineContext;
  const world = new World([
    { id: 'vpc', config: 1, reads: [] },
    { id: 'app', config: 2, reads: [{ from: 'vpc', output: 'a' }] },
  ]);
  const { ports } = simulated(world, 'one');
  for (const deploy of ['d1', 'd2']) await deploySet(world.set(deploy), { ...ports, ledger }, usual);
  const seen = record({ component: 'web', reconstructed: true, source: 'state', state: { serial: 1, lineage: 'l' } });
  const about = { actor: 'ted', door: 'cli', subject: 'web', outcome: 'ok', at: seen.at } as const;
  await appendWithRecord(ledger, [{ action: 'run.recorded', ...about, details: { record: seen } }], seen);
  return { context, place };
}

describe('runs', () => {
  it('are told newest first, with how each ended', async () => {
    const { context } = await given();
    const { runs, ...rest } = await ask(context, 'runs', {});
    expect(rest).toEqual({});
    expect(runs.map(({ component, deploy, state }) => [component, deploy, state])).toEqual([
      ['web', undefined, 'recorded'],
      ['app', 'd2', 'skipped'],
      ['vpc', 'd2', 'skipped'],
      ['app', 'd1', 'finished'],
      ['vpc', 'd1', 'finished'],
    ]);
    expect(runs.at(-1)).toMatchObject({ action: 'apply', outcome: 'ok', endedAt: expect.any(String) });
  });

  it('come in pages that lose and repeat none', async () => {
    const { context } = await given();
    const whole = (await ask(context, 'runs', {})).runs;
    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await ask(context, 'runs', { limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.runs);
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen).toEqual(whole);
    await expect(ask(context, 'runs', { cursor: 'x' })).rejects.toMatchObject({ code: 'KARMA_USAGE' });
  });

  it('are narrowed by component, deploy and state', async () => {
    const { context } = await given();
    const ids = async (query: Parameters<typeof ask<'runs'>>[2]) =>
      (await ask(context, 'runs', query)).runs.map(({ component }) => component);
    expect(await ids({ component: 'app' })).toEqual(['app', 'app']);
    expect(await ids({ deploy: 'd1' })).toEqual(['app', 'vpc']);
    expect(await ids({ state: 'recorded' })).toEqual(['web']);
    expect(await ids({ environment: 'nowhere' })).toEqual([]);
  });

  it('are found by name, with their events and what they consumed', async () => {
    const { context } = await given();
    const { runs } = await ask(context, 'runs', { deploy: 'd1', component: 'app' });
    const id = runs[0]?.id ?? '';
    const found = await ask(context, 'run', { id });
    expect(found).toMatchObject({ run: runs[0], log: false, record: { component: 'app' } });
    const actions = found.events.map(({ action }) => action);
    expect([actions[0], actions.at(-1)]).toEqual(['run.planning', 'run.applied']);
    expect(actions).toContain('run.applying');
    expect(JSON.stringify(found.events)).not.toContain('runFolder');
    await expect(ask(context, 'run', { id: 'r0' })).rejects.toMatchObject({ code: 'KARMA_NOT_FOUND' });
  });

  it('belong to deploys', async () => {
    const { context } = await given();
    const { deploys, next } = await ask(context, 'deploys', { limit: 1 });
    expect(deploys).toMatchObject([{ id: 'd2', state: 'ended', components: 2, counts: { skipped: 2 } }]);
    const rest = await ask(context, 'deploys', { cursor: next ?? '' });
    expect(rest.deploys.map(({ id }) => id)).toEqual(['d1']);
    expect(rest).not.toHaveProperty('next');
  });
});

describe('the log of a run', () => {
  const ledger = openSqliteLedger({ file: folder.file('none.db') });
  const context = { stores: { ledger: async () => ledger, dataFolder: folder.path } } as unknown as EngineContext;
  mkdirSync(join(folder.path, 'runs/rabc123'), { recursive: true });
  const lines = Array.from({ length: 50 }, (_, n) => `line ${n} äöü`).join('\n');
  writeFileSync(join(folder.path, 'runs/rabc123/run.log'), lines);
  writeFileSync(join(folder.path, 'run.log'), 'not a log of any run');

  it('is read in parts of whole lines', async () => {
    let whole = '';
    for (let from = 0; ; ) {
      const part = await ask(context, 'run-log', { id: 'rabc123', from, most: 64 });
      if (part.next === from) break;
      whole += part.text;
      from = part.next;
    }
    expect(whole).toBe(lines);
  });

  it.each(['..', '../..', 'rabc123/..', 'r/../../run', 'rmissing', ''])('leads nowhere else: %j', async (id) => {
    await expect(ask(context, 'run-log', { id })).rejects.toMatchObject({ code: 'KARMA_NOT_FOUND' });
  });
});
