import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../sqlite/temporary-folder.ts';
import { verifyLedger } from '../chain.ts';
import { draft } from '../contract-place.ts';
import { openSqliteLedger } from './ledger.ts';

let folder = temporaryFolder();
beforeEach(async () => {
  folder = temporaryFolder();
  const ledger = openSqliteLedger({ file: folder.file('ledger.db') });
  await ledger.append(['a', 'b', 'c', 'd'].map((subject) => draft(subject)));
  await ledger.close();
});
afterEach(() => folder.remove());

function tamper(sql: string): void {
  const db = new DatabaseSync(folder.file('ledger.db'));
  db.exec(sql);
  db.close();
}

describe('a ledger file edited by hand', () => {
  const table: readonly (readonly [string, string, object])[] = [
    [
      'an event changed',
      `UPDATE event SET body = replace(body, '"b"', '"x"') WHERE seq = 2`,
      { seq: 2, fault: 'edited' },
    ],
    ['an event deleted', 'DELETE FROM event WHERE seq = 2', { seq: 2, fault: 'dropped' }],
    ['the last events deleted', 'DELETE FROM event WHERE seq > 2', { seq: 3, fault: 'truncated' }],
    ['what it is looked up by changed', `UPDATE event SET subject = 'x' WHERE seq = 3`, { seq: 3, fault: 'edited' }],
    ['an action changed', `UPDATE event SET action = 'run.other' WHERE seq = 2`, { seq: 2, fault: 'edited' }],
    ['an event that cannot be read', `UPDATE event SET body = '{' WHERE seq = 3`, { seq: 3, fault: 'edited' }],
    [
      'one put behind the last',
      `INSERT INTO event SELECT 5, action, subject, replace(body, '"seq":4', '"seq":5') FROM event WHERE seq = 4`,
      { seq: 5, fault: 'edited' },
    ],
    [
      'a copy put behind the last',
      `INSERT INTO event SELECT 5, action, subject, body FROM event WHERE seq = 2`,
      { seq: 5, fault: 'edited' },
    ],
    [
      'a key that stands twice in one',
      `UPDATE event SET body = replace(body, '"actor":', '"actor":"mallory@example.com","actor":') WHERE seq = 2`,
      { seq: 2, fault: 'edited' },
    ],
    ['one that is null', `UPDATE event SET body = 'null' WHERE seq = 3`, { seq: 3, fault: 'edited' }],
    ['one that is a list', `UPDATE event SET body = '[]' WHERE seq = 1`, { seq: 1, fault: 'edited' }],
    ['the first deleted', 'DELETE FROM event WHERE seq = 1', { seq: 1, fault: 'dropped' }],
  ];
  for (const [title, sql, expected] of table) {
    it(`names ${title}`, async () => {
      tamper(sql);
      const ledger = openSqliteLedger({ file: folder.file('ledger.db') });
      expect(await verifyLedger(ledger)).toMatchObject({ sound: false, break: expected });
    });
  }

  it.each([
    ['null', 'null'],
    ['a number', '7'],
    ['nothing at all', ''],
  ])('names a document that holds %s', async (_what, body) => {
    const ledger = openSqliteLedger({ file: folder.file('ledger.db') });
    await ledger.append([draft('a')], undefined, { documents: [{ kind: 'record', id: 'x', body: {}, revision: 0 }] });
    tamper(`UPDATE document SET body = '${body}'`);
    await expect(ledger.getDocument('record', 'x')).rejects.toMatchObject({ code: 'KARMA_DATA_CORRUPT' });
    await expect(ledger.listDocuments('record')).rejects.toMatchObject({ code: 'KARMA_DATA_CORRUPT' });
    expect(await ledger.listDocuments('record', { exact: true })).toEqual([{ id: 'x', revision: 1, body: undefined }]);
    await ledger.close();
  });

  it('refuses an object whose bytes are others', async () => {
    const ledger = openSqliteLedger({ file: folder.file('ledger.db') });
    const digest = await ledger.putObject(new TextEncoder().encode('plan'));
    tamper("UPDATE object SET bytes = CAST('other' AS BLOB)");
    await expect(ledger.getObject(digest)).rejects.toMatchObject({ code: 'KARMA_DATA_CORRUPT' });
  });

  it('says so when an event is no JSON any more', async () => {
    tamper("UPDATE event SET body = '{' WHERE seq = 3");
    const ledger = openSqliteLedger({ file: folder.file('ledger.db') });
    await expect(ledger.read({ limit: 10 })).rejects.toMatchObject({ code: 'KARMA_DATA_CORRUPT' });
  });
});
