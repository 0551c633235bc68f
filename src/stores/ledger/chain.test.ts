import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../model/event.ts';
import { chain, emptyHead, eventHash, verifyChain, verifyEnd, verifyLedger } from './chain.ts';
import { draft } from './contract-place.ts';

const events = chain(
  emptyHead,
  ['a', 'b', 'c', 'd', 'e'].map((subject) => draft(subject)),
);
const at = (seq: number): LedgerEvent => {
  const event = events[seq - 1];
  if (event === undefined) throw new Error(`no event ${seq}`);
  return event;
};
const rehashed = (event: LedgerEvent): LedgerEvent => ({ ...event, hash: eventHash(event) });

describe('verifyChain', () => {
  it('finds an untouched chain sound, page by page', () => {
    const first = verifyChain(events.slice(0, 2));
    expect(first).toEqual({ sound: true, head: { seq: 2, hash: at(2).hash } });
    expect(first.sound && verifyChain(events.slice(2), first.head)).toEqual({
      sound: true,
      head: { seq: 5, hash: at(5).hash },
    });
  });

  const table: readonly (readonly [string, readonly LedgerEvent[], { seq: number; fault: string }])[] = [
    ['an edited event', [at(1), { ...at(2), subject: 'x' }, at(3)], { seq: 2, fault: 'edited' }],
    [
      'an event edited and hashed anew',
      [at(1), rehashed({ ...at(2), subject: 'x' }), at(3)],
      { seq: 2, fault: 'edited' },
    ],
    ['an added member', [{ ...at(1), note: 'x' } as LedgerEvent, at(2)], { seq: 1, fault: 'edited' }],
    ['a dropped event', [at(1), at(3), at(4)], { seq: 2, fault: 'dropped' }],
    ['a dropped first event', [at(2), at(3)], { seq: 1, fault: 'dropped' }],
    ['two events swapped', [at(1), at(3), at(2), at(4)], { seq: 2, fault: 'reordered' }],
    ['an event repeated', [at(1), at(2), at(1), at(3)], { seq: 3, fault: 'reordered' }],
    [
      'a dropped event, the rest renumbered',
      [at(1), { ...at(3), seq: 2, id: 'e2' }, { ...at(4), seq: 3, id: 'e3' }],
      { seq: 2, fault: 'edited' },
    ],
    [
      'a first event that follows another',
      [rehashed({ ...at(1), previous: 'f'.repeat(64) })],
      { seq: 1, fault: 'edited' },
    ],
  ];
  for (const [title, given, expected] of table) {
    it(`names ${title}`, () => {
      expect(verifyChain(given)).toMatchObject({ sound: false, break: expected });
    });
  }

  it('sees any single change of any event', () => {
    const field = fc.constantFrom('actor', 'subject', 'at', 'action', 'previous', 'hash', 'id');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), field, fc.string(), (seq, name, value) => {
        const changed = events.map((event) => (event.seq === seq ? { ...event, [name]: value } : event));
        const same = at(seq)[name as keyof LedgerEvent] === value;
        expect(verifyChain(changed).sound).toBe(same);
      }),
    );
  });
});

describe('verifyEnd', () => {
  it('names the first event cut off', () => {
    expect(verifyEnd({ seq: 3, hash: at(3).hash }, { seq: 5, hash: at(5).hash })).toMatchObject({
      sound: false,
      break: { seq: 4, fault: 'truncated' },
    });
  });

  it('sees a last event that was rewritten', () => {
    expect(verifyEnd({ seq: 5, hash: 'f'.repeat(64) }, { seq: 5, hash: at(5).hash })).toMatchObject({
      sound: false,
      break: { seq: 5, fault: 'edited' },
    });
  });
});

describe('verifyLedger', () => {
  it('walks a ledger that loses its tail between two pages', async () => {
    const kept = events.slice(0, 3);
    const ledger = {
      head: async () => ({ seq: 5, hash: at(5).hash }),
      read: async ({ after = 0, limit }: { after?: number; limit: number }) => kept.slice(after, after + limit),
    };
    expect(await verifyLedger(ledger, 2)).toMatchObject({ sound: false, break: { seq: 4, fault: 'truncated' } });
  });
});
