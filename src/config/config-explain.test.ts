import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stepsOf, valueAt } from '../model/pointer.ts';
import { explainConfig } from './config-explain.ts';
import { configPath, readEffectiveConfig } from './effective-config.ts';
import { readJson } from './json-document.ts';
import { isJsonObject, type JsonObject } from './merge-patch.ts';

/** Configs that lie over each other, the first over all: each may extend those after it, several times and through others. */
const estates = fc
  .array(
    fc.record({
      value: fc.letrec<{ node: unknown }>((tie) => ({
        node: fc.oneof(
          { maxDepth: 3, withCrossShrink: true },
          fc.constantFrom<unknown>(1, 'x', true, null, [1, { a: 2 }], []),
          fc.dictionary(fc.constantFrom('a', 'b', 'c~/d'), tie('node'), { maxKeys: 3 }),
        ),
      })).node,
      extends: fc.nat(3),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((all) =>
    all.map(({ value, extends: skip }, at) => {
      const below = at + 1 + skip;
      const own = isJsonObject(value) ? value : { a: value };
      return below < all.length ? { $extends: `dev/app/c${below}`, ...own } : own;
    }),
  );

/** Every leaf with its pointer: what is no object with members. */
function leaves(value: unknown, pointer = ''): [string, unknown][] {
  if (!isJsonObject(value) || Object.keys(value).length === 0) return [[pointer, value]];
  return Object.entries(value).flatMap(([key, member]) =>
    leaves(member, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}

test('each key that is explained has the value that evaluation gives it, and stands where that is said', () => {
  fc.assert(
    fc.property(estates, (configs: readonly JsonObject[]) => {
      const texts = new Map(
        configs.map((config, at) => [configPath(`dev/app/c${at}`), JSON.stringify(config, null, 1)]),
      );
      const effective = readEffectiveConfig('dev/app/c0', (path) => {
        const text = texts.get(path);
        return text === undefined ? undefined : readJson(text);
      });
      const keys = explainConfig(effective);
      expect(keys.map(({ pointer, value }) => [pointer, value])).toEqual(leaves(effective.value));
      for (const { pointer, value, file, line, through = line } of keys) {
        const text = texts.get(file) ?? '';
        // An object that became empty by what lies over it is said to be there, and no more.
        if (!(isJsonObject(value) && pointer !== '')) {
          if (pointer !== '') expect(valueAt(JSON.parse(text), pointer)).toEqual(value);
        }
        const lines = text.split('\n');
        const name = stepsOf(pointer).at(-1);
        if (name !== undefined) expect(lines[line - 1]).toContain(JSON.stringify(name));
        expect(through).toBeLessThanOrEqual(lines.length);
      }
    }),
  );
});
