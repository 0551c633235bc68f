import { expect, it } from 'vitest';
import type { Ledger } from '../../stores/ledger/port.ts';
import { type NewestVersion, ResidentVersions } from './resident-versions.ts';

/** A ledger of which only the head matters. */
function ledgerAt(): { hash: string; readonly ledger: Ledger } {
  const state = { hash: 'a', ledger: {} as Ledger };
  state.ledger = { head: async () => ({ seq: 1, hash: state.hash }) } as unknown as Ledger;
  return state;
}

const named = (version: number): NewestVersion => ({ version, hash: `h${version}`, at: '' });

it('reads what is newest once for each head', async () => {
  const state = ledgerAt();
  const versions = new ResidentVersions();
  let [read, newest] = [0, 1];
  const ask = () =>
    versions.newest(state.ledger, async () => {
      read += 1;
      return named(newest);
    });
  expect([await ask(), await ask()]).toEqual([named(1), named(1)]);
  expect(read).toBe(1);
  newest = 2;
  expect(await ask()).toEqual(named(1));
  state.hash = 'b';
  expect(await ask()).toEqual(named(2));
  expect(read).toBe(2);
});

it('remembers that there was none, and forgets that too', async () => {
  const state = ledgerAt();
  const versions = new ResidentVersions();
  expect(await versions.newest(state.ledger, async () => undefined)).toBeUndefined();
  expect(await versions.newest(state.ledger, async () => named(1))).toBeUndefined();
  state.hash = 'b';
  expect(await versions.newest(state.ledger, async () => named(1))).toEqual(named(1));
});

it('does not take what was read under one head for what holds under another', async () => {
  const state = ledgerAt();
  const versions = new ResidentVersions();
  const slow = versions.newest(state.ledger, async () => {
    // Meanwhile something is published, and somebody else asks.
    state.hash = 'b';
    await versions.newest(state.ledger, async () => named(2));
    return named(1);
  });
  expect(await slow).toEqual(named(1));
  expect(await versions.newest(state.ledger, async () => named(9))).toEqual(named(2));
});
