import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ChangedMap } from './changed-map.ts';

it('is the copy in which the same values were set, however often it is changed', () => {
  const keys = Array.from({ length: 600 }, (_, number) => `k${number}`);
  const changes = fc.array(fc.dictionary(fc.constantFrom(...keys), fc.nat(9), { maxKeys: 8 }), { maxLength: 5 });
  fc.assert(
    fc.property(changes, fc.boolean(), (steps, everything) => {
      let copy = new Map(keys.map((key) => [key, -1]));
      let changed: ReadonlyMap<string, number> = copy;
      for (const step of everything ? [Object.fromEntries(keys.map((key) => [key, 0])), ...steps] : steps) {
        copy = new Map(copy);
        for (const [key, value] of Object.entries(step)) copy.set(key, value);
        changed = ChangedMap.of(changed, new Map(Object.entries(step)));
        expect([...changed]).toEqual([...copy]);
        expect([...changed.keys(), ...changed.values(), changed.size]).toEqual([
          ...copy.keys(),
          ...copy.values(),
          copy.size,
        ]);
        expect(keys.map((key) => changed.get(key))).toEqual(keys.map((key) => copy.get(key)));
        expect([changed.get('x'), changed.has('x'), changed.has('k1')]).toEqual([undefined, false, true]);
      }
    }),
    { numRuns: 30 },
  );
});
