import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../model/digest.ts';
import { areApart, withAll } from './at-once.ts';
import type { Edit } from './edit.ts';
import { EditBudget } from './edit-budget.ts';
import { editEach } from './edit-each.ts';
import { editFile } from './edit-file.ts';
import { plainOfJson, samePlain } from './plain.ts';

const file = (path: string, text: string) => ({ path, bytes: new TextEncoder().encode(text) });
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('many edits of one file', () => {
  test('are made at once, and leave what they do not speak of as it was', () => {
    const keys = Array.from({ length: 20_000 }, (_, at) => at);
    const text = `{\n${keys.map((at) => `  "k${at}":   "a"`).join(',\n')}\n}\n`;
    const edits = keys.map((at): Edit => ({ path: `/k${at}`, set: `b${at}` }));
    const { bytes, refusals } = editEach(file('config.json', text), edits);
    expect(refusals.size).toBe(0);
    expect(textOf(bytes)).toBe(`{\n${keys.map((at) => `  "k${at}":   "b${at}"`).join(',\n')}\n}\n`);
  });

  test('are refused each for itself', () => {
    const names = Array.from({ length: 300 }, (_, at) => `k${at}`);
    const text = names.map((name, at) => `${name} = ${at % 3 === 0 ? `local.${name}` : at}\n`).join('');
    const edits = names.map((name): Edit => ({ path: `/${name}`, set: 'x' }));
    const { bytes, refusals } = editEach(file('a.tfvars', text), edits);
    expect([...refusals].map(([{ path }, { line }]) => [path, line])).toEqual(
      names.flatMap((name, at) => (at % 3 === 0 ? [[`/${name}`, at + 1]] : [])),
    );
    expect(textOf(bytes).match(/"x"/g)).toHaveLength(200);
  });

  test('are refused where they are more than a file of that size can be given', () => {
    const names = Array.from({ length: 900 }, (_, at) => `key${at}`);
    const text = names.map((name) => `${name}: "${'x'.repeat(20)}"\n`).join('');
    const { bytes, refusals } = editEach(
      file('a.yaml', text),
      names.map((name): Edit => ({ path: `/${name}`, set: 1 })),
      new EditBudget(5_000_000),
    );
    expect(new Set([...refusals.values()].map(({ reason }) => reason))).toEqual(
      new Set(['these are too many edits for a file of this size']),
    );
    expect(textOf(bytes).match(/: 1\n/g)?.length ?? 0).toBe(names.length - refusals.size);
  });

  test('of a file that cannot be read are all refused with the place', () => {
    const edits = Array.from({ length: 50 }, (_, at): Edit => ({ path: `/k${at}`, set: 1 }));
    const { bytes, refusals } = editEach(file('config.json', '{\n"a": 1,\n}'), edits);
    expect(textOf(bytes)).toBe('{\n"a": 1,\n}');
    expect([...refusals.values()].map(({ code, line }) => `${code} ${line}`)).toEqual(edits.map(() => 'unreadable 3'));
  });

  const keys = fc.constantFrom('a', 'b', 'c', '0', '1', '__proto__', 'x/y');
  const value = fc.letrec<{ value: Json; members: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<Json[]>('x', 1, true, null),
      fc.array(tie('value'), { maxLength: 3 }),
      tie('members'),
    ),
    members: fc.array(fc.tuple(keys, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  }));
  const edit = fc
    .tuple(fc.array(keys, { minLength: 1, maxLength: 3 }), fc.option(value.value))
    .map(([steps, set]): Edit => {
      const path = steps.map((step) => `/${step.replace('/', '~1')}`).join('');
      return set === null ? { path, unset: true } : { path, set };
    });

  test('come to what they come to one after the other', () => {
    let compared = 0;
    fc.assert(
      fc.property(value.members, fc.array(edit, { minLength: 2, maxLength: 4 }), (before, edits) => {
        const wanted = withAll(plainOfJson(before), edits);
        const answer = editFile(file('a.json', JSON.stringify(before)), edits);
        if (wanted === undefined || 'refusal' in answer) return;
        compared += 1;
        expect(samePlain(plainOfJson(JSON.parse(textOf(answer.bytes)) as Json), wanted)).toBe(true);
        expect(areApart(edits)).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(compared).toBeGreaterThan(100);
  });
});
