import fc from 'fast-check';
import { afterAll, expect } from 'vitest';
import { byCodeUnit } from '../../model/digest.ts';
import { type Delta, deltaBetween, emptyDelta, makeRow, type Row, rowId } from '../../model/rows.ts';
import { type ContractCase, type ContractOptions, contract } from '../contract.ts';
import { hostileTexts } from './hostile-texts.ts';
import type { GraphStore } from './port.ts';
import { historyOfDeltas, type RecordedDelta } from './random-history.ts';

/** One empty store that can be opened several times, as several processes would. */
export interface GraphPlace {
  open(): GraphStore;
  remove(): Promise<void>;
}

export interface GraphContract extends ContractOptions {
  newPlace(): Promise<GraphPlace>;
  /** How many random histories are tried; a server needs longer for each. */
  readonly histories?: number;
}

type WithStore = (check: (store: GraphStore, place: GraphPlace) => Promise<void>) => () => Promise<void>;

const component = (key: string, value: unknown = {}, note?: unknown): Row => makeRow('component', key, value, note);
const put = (...rows: readonly Row[]): Delta => ({ put: rows, remove: [] });
const remove = (...rows: readonly Row[]): Delta => ({
  put: [],
  remove: rows.map(({ table, key }) => ({ table, key })),
});

/** What every graph store must do. */
export function graphContract(options: GraphContract): void {
  contract('graph store', options, (test) => {
    const places: GraphPlace[] = [];
    const newPlace = async () => {
      const place = await options.newPlace();
      places.push(place);
      return place;
    };
    afterAll(async () => {
      for (const place of places) await place.remove();
    });
    const withStore: WithStore = (check) => async () => {
      const place = await newPlace();
      const store = place.open();
      await check(store, place);
      await store.close();
    };
    applyCases(test, withStore);
    timeTravelCases(test, withStore);
    retentionCases(test, withStore);
    hostileCases(test, withStore);
    test('any history of deltas reads as a model says', async () => {
      await fc.assert(
        fc.asyncProperty(historyOfDeltas, async (history) => {
          const store = (await newPlace()).open();
          await checkAgainstModel(store, history);
          await store.close();
        }),
        { numRuns: options.histories ?? 40 },
      );
    });
  });
}

function applyCases(test: ContractCase, withStore: WithStore): void {
  test(
    'an empty store has head 0 and the empty graph',
    withStore(async (store) => {
      expect(await store.head()).toBe(0);
      expect(await store.load(0)).toEqual([]);
      expect(await store.hash(1)).toBeUndefined();
      expect(await store.between(0, 0)).toEqual(emptyDelta);
      expect(await store.history('component', 'a')).toEqual([]);
      await expect(store.load(1)).rejects.toMatchObject({ code: 'KARMA_NO_SUCH_VERSION' });
    }),
  );
  test(
    'deltas apply in order, once',
    withStore(async (store, place) => {
      expect(await store.apply(2, put(component('b')), 'h2')).toBe('behind');
      expect(await store.apply(1, put(component('a')), 'h1')).toBe('applied');
      expect(await store.apply(1, put(component('other')), 'h1')).toBe('already');
      expect(await store.apply(3, emptyDelta, 'h3')).toBe('behind');
      expect(await store.apply(2, put(component('b')), 'h2')).toBe('applied');
      const other = place.open();
      expect(await other.head()).toBe(2);
      expect(await other.load(2)).toEqual([component('a'), component('b')]);
      expect([await other.hash(1), await other.hash(2), await other.hash(3)]).toEqual(['h1', 'h2', undefined]);
    }),
  );
  test(
    'an empty delta makes a version too',
    withStore(async (store) => {
      await store.apply(1, put(component('a')), 'h1');
      expect(await store.apply(2, emptyDelta, 'h1')).toBe('applied');
      expect(await store.load(2)).toEqual([component('a')]);
    }),
  );
  test(
    'of several that apply the same version one does',
    withStore(async (store, place) => {
      const delta = put(...Array.from({ length: 12 }, (_, n) => component(`c${n}`, { n })));
      const stores = [store, place.open(), place.open(), place.open()];
      const answers = await Promise.all(stores.map((each) => each.apply(1, delta, 'h1')));
      expect(answers.filter((answer) => answer === 'applied')).toHaveLength(1);
      expect(answers.filter((answer) => answer === 'already')).toHaveLength(3);
      expect(await store.load(1)).toHaveLength(12);
    }),
  );
  test(
    'a row named twice, or half a character, is refused and changes nothing',
    withStore(async (store) => {
      const twice = { put: [component('a')], remove: [{ table: 'component', key: 'a' }] } as const;
      await expect(store.apply(1, twice, 'h')).rejects.toMatchObject({ code: 'KARMA_INPUT_INVALID' });
      await expect(store.apply(1, put(component('a\ud83d')), 'h')).rejects.toMatchObject({
        code: 'KARMA_INPUT_INVALID',
      });
      expect(await store.head()).toBe(0);
    }),
  );
  test(
    'clear leaves nothing, and the same deltas can be replayed',
    withStore(async (store) => {
      const deltas = [
        put(component('a'), component('b')),
        remove(component('a')),
        put(component('a', { again: true })),
      ];
      const replay = async () => {
        for (const [index, delta] of deltas.entries()) await store.apply(index + 1, delta, `h${index + 1}`);
        return [await store.load(1), await store.load(2), await store.load(3)];
      };
      const before = await replay();
      await store.clear();
      expect(await store.head()).toBe(0);
      expect(await store.history('component', 'b')).toEqual([]);
      expect(await replay()).toEqual(before);
    }),
  );
}

function timeTravelCases(test: ContractCase, withStore: WithStore): void {
  test(
    'each version is what it was',
    withStore(async (store) => {
      const edge = makeRow('reference', 'a|b', { consumes: ['/x'] });
      await store.apply(1, put(component('a', { v: 1 }), component('b'), edge), 'h1');
      await store.apply(2, { put: [component('a', { v: 2 })], remove: [{ table: 'reference', key: 'a|b' }] }, 'h2');
      await store.apply(3, put(edge), 'h3');
      expect(await store.load(1)).toEqual([component('a', { v: 1 }), component('b'), edge]);
      expect(await store.load(2)).toEqual([component('a', { v: 2 }), component('b')]);
      expect(await store.load(3)).toEqual([component('a', { v: 2 }), component('b'), edge]);
      expect(await store.between(1, 3)).toEqual(put(component('a', { v: 2 })));
      expect(await store.between(1, 2)).toEqual({
        put: [component('a', { v: 2 })],
        remove: [{ table: 'reference', key: 'a|b' }],
      });
      expect(await store.history('reference', 'a|b')).toEqual([
        { from: 1, to: 2, row: edge },
        { from: 3, to: undefined, row: edge },
      ]);
    }),
  );
  test(
    'a new note is a new state, the same row again is none',
    withStore(async (store) => {
      await store.apply(1, put(component('a', { v: 1 }, { commit: 'x' })), 'h1');
      await store.apply(2, put(component('a', { v: 1 }, { commit: 'x' })), 'h1');
      await store.apply(3, put(component('a', { v: 1 }, { commit: 'y' })), 'h1');
      expect((await store.history('component', 'a')).map(({ from, to, row }) => [from, to, row.note])).toEqual([
        [1, 3, '{"commit":"x"}'],
        [3, undefined, '{"commit":"y"}'],
      ]);
      expect(await store.between(1, 2)).toEqual(emptyDelta);
    }),
  );
  test(
    'versions that are not there are named',
    withStore(async (store) => {
      await store.apply(1, put(component('a')), 'h1');
      await expect(store.load(2)).rejects.toMatchObject({ code: 'KARMA_NO_SUCH_VERSION' });
      await expect(store.between(1, 2)).rejects.toMatchObject({ code: 'KARMA_NO_SUCH_VERSION' });
      await expect(store.between(1, 0)).rejects.toMatchObject({ code: 'KARMA_INPUT_INVALID' });
    }),
  );
}

function retentionCases(test: ContractCase, withStore: WithStore): void {
  test(
    'forgetting leaves later versions untouched',
    withStore(async (store) => {
      await store.apply(1, put(component('a', { v: 1 }), component('b')), 'h1');
      await store.apply(2, put(component('a', { v: 2 })), 'h2');
      await store.apply(3, remove(component('b')), 'h3');
      const before = [await store.load(2), await store.load(3), await store.between(2, 3)];
      await store.forgetBefore(2);
      expect([await store.load(2), await store.load(3), await store.between(2, 3)]).toEqual(before);
      await expect(store.load(1)).rejects.toMatchObject({ code: 'KARMA_NO_SUCH_VERSION' });
      expect(await store.hash(1)).toBeUndefined();
      expect((await store.history('component', 'a')).map((state) => state.from)).toEqual([2]);
      await store.forgetBefore(99);
      expect(await store.head()).toBe(3);
      expect(await store.load(3)).toEqual([component('a', { v: 2 })]);
      expect(await store.apply(4, put(component('c')), 'h4')).toBe('applied');
    }),
  );
}

function hostileCases(test: ContractCase, withStore: WithStore): void {
  test(
    'hostile names and values come back byte by byte',
    withStore(async (store) => {
      const rows = hostileTexts.flatMap((text) => [
        component(`prod/vpc/${text}`, { text, [text]: [text] }, { text }),
        makeRow('reference', `prod/vpc/${text}|prod/db/${text}`, { text }),
      ]);
      expect(await store.apply(1, put(...rows), 'h1')).toBe('applied');
      const sorted = rows.toSorted((a, b) => byCodeUnit(rowId(a), rowId(b)));
      expect(await store.load(1)).toEqual(sorted);
      for (const row of rows)
        expect(await store.history(row.table, row.key)).toEqual([{ from: 1, to: undefined, row }]);
      await store.apply(2, remove(...rows), 'h2');
      expect(await store.load(2)).toEqual([]);
      expect(await store.load(1)).toEqual(sorted);
    }),
  );
}

/** Applies a random history and compares every version, delta and history with maps kept beside it. */
export async function checkAgainstModel(store: GraphStore, history: readonly RecordedDelta[]): Promise<void> {
  for (const { version, delta, hash } of history) expect(await store.apply(version, delta, hash)).toBe('applied');
  const models = [new Map<string, Row>(), ...history.map((recorded) => recorded.rows)];
  for (const [version, model] of models.entries()) {
    const sorted = [...model.values()].sort((a, b) => byCodeUnit(rowId(a), rowId(b)));
    expect(await store.load(version)).toEqual(sorted);
    const from = Math.floor(version / 2);
    expect(await store.between(from, version)).toEqual(deltaBetween(models[from] ?? new Map(), model));
  }
}
