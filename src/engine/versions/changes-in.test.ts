import { afterAll, expect, it } from 'vitest';
import { makeRow, type Row, rowId } from '../../model/rows.ts';
import { openSqliteGraphStore } from '../../stores/graph/sqlite/graph-store.ts';
import { openSqliteLedger } from '../../stores/ledger/sqlite/ledger.ts';
import { temporaryFolder } from '../../stores/sqlite/temporary-folder.ts';
import type { EngineContext } from '../context.ts';
import { changesIn } from './changes-in.ts';
import { publicationOf } from './project.ts';
import { publish } from './publish.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const component = (id: string, cidr: number, note = 1): Row => makeRow('component', id, { id, cidr }, { line: note });
const reference = (from: string, to: string): Row => makeRow('reference', `${from}|${to}`, { from, to });
const finding = (code: string, id: string): Row => makeRow('finding', `${code}|${id}|k`, { code });

it('tells of one component what each version changed, out of the deltas alone', async () => {
  const ledger = openSqliteLedger({ file: folder.file('ledger.db') });
  const graph = openSqliteGraphStore({ file: folder.file('graph.db') });
  const context = {
    ...{ actor: 'ted', door: 'cli', now: () => '2026-11-24T10:00:00Z', version: 'test' },
    stores: { ledger: async () => ledger, graph: async () => graph },
  } as unknown as EngineContext;
  const versions: Row[][] = [
    [component('a/vpc', 1), component('a/vpc-2', 1), reference('a/vpc-2', 'a/vpc')],
    [component('a/vpc', 2), component('a/vpc-2', 1), reference('a/vpc-2', 'a/vpc'), finding('cycle', 'a/vpc')],
    [component('a/vpc', 2, 9), component('a/vpc-2', 2), reference('a/vpc', 'a/vpc-2')],
    [component('a/vpc-2', 3)],
  ];
  for (const [place, rows] of versions.entries())
    await publish(context, () => new Map(rows.map((row) => [rowId(row), row])), {
      ...{ manifest: [], identity: `i${place}`, environment: {} },
    });
  const publications = await Promise.all(
    versions.map(async (_, place) => (await publicationOf(ledger, place + 1)).publication),
  );
  expect([...(await changesIn(ledger, publications, 'a/vpc'))]).toEqual([
    [1, [{ what: 'component', how: 'added' }]],
    [
      2,
      [
        { what: 'component', how: 'changed', members: ['cidr'] },
        { what: 'finding', how: 'added', name: 'cycle' },
      ],
    ],
    [
      3,
      [
        { what: 'dependsOn', how: 'added', name: 'a/vpc-2' },
        { what: 'finding', how: 'removed', name: 'cycle' },
        { what: 'usedBy', how: 'removed', name: 'a/vpc-2' },
      ],
    ],
    [4, [{ what: 'component', how: 'removed' }]],
  ]);
  // Of the newest alone nobody knows what was there before.
  expect((await changesIn(ledger, publications.slice(1, 2), 'a/vpc')).get(2)).toMatchObject([{ how: 'changed' }, {}]);
});
