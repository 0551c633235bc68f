import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openSqliteLedger } from '../stores/ledger/sqlite/ledger.ts';
import { temporaryFolder } from '../stores/sqlite/temporary-folder.ts';
import { type Change, changeNumber, contributorsTo, foldChange, refOf } from './change.ts';
import { ChangeBook, type ChangeDraft } from './change-book.ts';
import { type ChangeAction, isOpen, mayFollow, transitions } from './states.ts';

const folder = temporaryFolder();
let made = 0;
afterAll(() => folder.remove());

const actions = Object.keys(transitions) as ChangeAction[];

function draft(action: ChangeAction, details: Readonly<Record<string, unknown>> = {}): ChangeDraft {
  return { action, actor: 'ted', door: 'cli', outcome: 'ok', at: '2026-11-30T10:00:00Z', details };
}

const proposal = draft('change.proposed', { base: 'b', head: 'h', files: 1, ways: ['patch'], reason: 'why' });

function given() {
  made += 1;
  const ledger = openSqliteLedger({ file: folder.file(`ledger-${made}.db`) });
  return { ledger, book: new ChangeBook(ledger) };
}

describe('the book of changes', () => {
  it('numbers changes one after the other and passes over numbers that are taken', async () => {
    const { book } = given();
    expect((await book.begin(proposal, () => false)).change.id).toBe('cr-1');
    expect((await book.begin(proposal, (id) => id === 'cr-2')).change.id).toBe('cr-3');
    expect((await book.all()).map(({ id }) => id)).toEqual(['cr-1', 'cr-3']);
  });

  it('gives two that propose at once two numbers', async () => {
    const { ledger } = given();
    const books = [new ChangeBook(ledger), new ChangeBook(ledger), new ChangeBook(ledger)];
    const ids = await Promise.all(books.map(async (one) => (await one.begin(proposal, () => false)).change.id));
    expect(ids.sort()).toEqual(['cr-1', 'cr-2', 'cr-3']);
  });

  it('finds a change by its id or its number, and says which is nearest', async () => {
    const { book } = given();
    await book.begin(proposal, () => false);
    expect((await book.get('cr-1')).id).toBe('cr-1');
    expect((await book.get('1')).id).toBe('cr-1');
    await expect(book.get('cr-2')).rejects.toMatchObject({ code: 'KARMA_NOT_FOUND', hint: /cr-1/ });
    await expect(book.get('prod/vpc')).rejects.toMatchObject({ code: 'KARMA_USAGE' });
  });

  it('takes no step that the state does not allow, and writes nothing of it', async () => {
    const { book, ledger } = given();
    await book.begin(proposal, () => false);
    await book.step('cr-1', () => draft('change.cancelled'));
    await expect(book.step('cr-1', () => draft('change.simulated'))).rejects.toMatchObject({ code: 'KARMA_REFUSED' });
    expect((await book.get('cr-1')).state).toBe('cancelled');
    expect((await ledger.head()).seq).toBe(2);
  });

  it('forgets what was found out of a content when it gets another one', async () => {
    const { book } = given();
    await book.begin(proposal, () => false);
    const simulation = { digest: 'd', on: 'b', head: 'h', ground: 'g' };
    await book.step('cr-1', () => draft('change.simulated', { simulation }));
    expect((await book.get('cr-1')).simulation).toEqual(simulation);
    await book.step('cr-1', () => draft('change.revised', { base: 'b', head: 'h2', files: 2, ways: ['range'] }));
    const { simulation: now, ...revised } = await book.get('cr-1');
    expect(now).toBeUndefined();
    expect(revised).toMatchObject({ state: 'proposed', revision: 2, head: 'h2', files: 2, reason: 'why' });
  });

  it('remembers who gave it content, each once, whichever door they came by', async () => {
    const { book } = given();
    await book.begin(proposal, () => false);
    for (const actor of ['ted', 'api/ted', 'ada', 'oidc/ada', 'ben']) {
      const author = { name: actor };
      await book.step('cr-1', () => ({ ...draft('change.revised', { base: 'b', head: actor, author }), actor }));
    }
    const change = await book.get('cr-1');
    expect(change).toMatchObject({ proposer: 'ted', revision: 6 });
    expect(change.revisers).toEqual(['ada', 'ben'].map((by) => ({ by, author: { name: by } })));
    expect(contributorsTo(change)).toEqual(['ted', 'ada', 'ben']);
  });

  it('writes with a step of one what follows for another, where that may follow there', async () => {
    const { book, ledger } = given();
    for (const _ of [1, 2]) await book.begin(proposal, () => false);
    const also = { name: 'cr-1', about: () => draft('change.reverted') };
    // Nothing was applied that could be taken back.
    await book.step('cr-2', () => draft('change.simulated'), { also });
    expect((await book.get('cr-1')).state).toBe('proposed');
    for (const action of ['change.simulated', 'change.approved', 'change.applying', 'change.failed'] as const)
      await book.step('cr-1', () => draft(action));
    const { seq } = await ledger.head();
    await book.step('cr-2', () => draft('change.approved'), { also });
    expect([(await book.get('cr-1')).state, (await ledger.head()).seq]).toEqual(['reverted', seq + 2]);
    await book.step('cr-2', () => draft('change.applying'), { also });
    expect((await ledger.head()).seq).toBe(seq + 3);
  });

  it('is what its events say, whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...actions), { maxLength: 12 }), async (steps) => {
        const { book, ledger } = given();
        await book.begin(proposal, () => false);
        for (const action of steps) await book.step('cr-1', () => draft(action, { base: 'b' })).catch(() => undefined);
        let told: Change | undefined;
        for (const event of await ledger.read({ limit: 100 })) told = foldChange(told, event);
        expect(await book.get('cr-1')).toEqual(told);
        await ledger.close();
      }),
      { numRuns: 20 },
    );
  });
});

describe('the states of a change', () => {
  it('begin with a proposal and nothing else', () => {
    expect(actions.filter((action) => mayFollow(undefined, action))).toEqual(['change.proposed']);
  });

  it('are over where nothing leads on but what undoes it', () => {
    for (const state of ['applied', 'rejected', 'cancelled', 'reverted'] as const) {
      expect(isOpen(state)).toBe(false);
      expect(actions.filter((action) => mayFollow(state, action))).toEqual(
        state === 'applied' ? ['change.reverted'] : [],
      );
    }
  });
});

describe('the name of a change', () => {
  it.each([
    ['cr-118', 118],
    [' 118 ', 118],
    ['cr-0', undefined],
    ['cr-01', undefined],
    ['cr-1/../../heads/main', undefined],
    ['', undefined],
  ])('%j is %j', (text, number) => {
    expect(changeNumber(text)).toBe(number);
  });

  it('is part of a ref that no branch is', () => {
    expect(refOf('cr-1')).toBe('refs/karma/changes/cr-1');
  });
});
