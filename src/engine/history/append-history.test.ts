import { afterEach, describe, expect, it } from 'vitest';
import type { EventDraft } from '../../model/event.ts';
import type { Ledger } from '../../stores/ledger/port.ts';
import { openSqliteLedger } from '../../stores/ledger/sqlite/ledger.ts';
import { temporaryFolder } from '../../stores/sqlite/temporary-folder.ts';
import { appendHistory, historyTurn } from './append-history.ts';

let folder = temporaryFolder();
afterEach(() => {
  folder.remove();
  folder = temporaryFolder();
});

const history: readonly EventDraft[] = Array.from({ length: 1200 }, (_, at) => ({
  action: 'config.committed',
  actor: 'someone',
  door: 'cli',
  subject: `component ${at}`,
  outcome: 'ok',
  at: '2026-01-01T00:00:00.000Z',
  details: {},
}));

async function toldIn(ledger: Ledger): Promise<readonly string[]> {
  return (await ledger.read({ limit: 5000 })).map(({ subject }) => subject);
}

/** As a process does: whose turn it is, then what is told, then what is left. */
async function ask(ledger: Ledger): Promise<{ readonly drafts: readonly EventDraft[]; readonly turn: number }> {
  const turn = await historyTurn(ledger);
  const told = new Set(await toldIn(ledger));
  return { turn, drafts: history.filter(({ subject }) => !told.has(subject)) };
}

describe('history that two processes take at once', () => {
  it.each([
    { meets: 'before the first part', parts: 0 },
    { meets: 'after the first part', parts: 1 },
    { meets: 'after the second part', parts: 2 },
    { meets: 'when all is told', parts: 3 },
  ])('is told once where one asks and goes on $meets', async ({ parts }) => {
    const ledger = openSqliteLedger({ file: folder.file('ledger.db') });
    let appended = 0;
    const meeting: Ledger = {
      ...ledger,
      append: async (drafts, move) => {
        if (appended++ === parts) await appendHistory(ledger, await ask(ledger));
        return ledger.append(drafts, move);
      },
    };
    await appendHistory(meeting, await ask(ledger));
    if (parts === 3) await appendHistory(ledger, await ask(ledger));
    expect([...(await toldIn(ledger))].sort()).toEqual(history.map(({ subject }) => subject).sort());
  });

  it('is told once where one asks first and goes on when the other is done', async () => {
    const ledger = openSqliteLedger({ file: folder.file('ledger.db') });
    const early = await ask(ledger);
    expect(await appendHistory(ledger, await ask(ledger))).toBe(true);
    expect(await appendHistory(ledger, early)).toBe(false);
    expect(await toldIn(ledger)).toHaveLength(history.length);
  });
});
