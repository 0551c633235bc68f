import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pointerOf, valueAt } from '../model/pointer.ts';
import { readJson } from './json-document.ts';

test('a line is the same however many were asked for before', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), fc.constantFrom(0, 1), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const busy = readJson(text);
      for (let count = 0; count < 20; count += 1) busy.lineOf('/none');
      const pointers = Object.entries(value).flatMap(([key, member]) => [
        pointerOf([key]),
        ...(member !== null && typeof member === 'object'
          ? Object.keys(member).map((one) => pointerOf([key, one]))
          : []),
      ]);
      for (const pointer of pointers) expect(busy.lineOf(pointer)).toBe(readJson(text).lineOf(pointer));
    }),
  );
});

describe('reading JSON', () => {
  test.each([
    ['a missing comma', '{\n "a": 1\n "b": 2\n}', 'json-unreadable', 3],
    ['an unclosed string', '{\n "a": "x\n}', 'json-unreadable', 2],
    ['a second value', '{}\n{}', 'json-unreadable', 2],
    ['an empty file', '', 'json-unreadable', 1],
    ['NaN', '{"a": NaN}', 'json-unreadable', 1],
    ['a key twice', '{\n "a": 1,\n "b": {"a": 2},\n "a": 3\n}', 'json-duplicate-key', 4],
    ['a key twice, further in', '{"b": [\n{"a": 1,\n "a": 2}]}', 'json-duplicate-key', 3],
    ['a key twice, once escaped', '{"a": 1,\n "\\u0061": 2}', 'json-duplicate-key', 2],
    ['200 levels', `${'['.repeat(200)}${']'.repeat(200)}`, 'file-too-large', 1],
    ['10 MB', `{"a": "${'x'.repeat(10_000_000)}"}`, 'file-too-large', 1],
    ['bytes that are not UTF-8', '{\n"a": "\uFFFD"}', 'not-utf8', 2],
  ])('%s is a finding with its line', (_what, text, code, line) => {
    expect(readJson(text).problems.map((one) => [one.code, one.line])).toEqual([[code, line]]);
  });

  test('messages never quote the file', () => {
    const { problems } = readJson('{"password": "hunter2" oops}');
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  test('a byte order mark and colons in strings are nothing special', () => {
    expect(readJson('\uFEFF{"a": "b:c\\":d"}')).toMatchObject({ value: { a: 'b:c":d' }, problems: [] });
  });

  test('a line for each pointer, that of the nearest parent for one that is not there', () => {
    const text = '{\n  "a": {\n    "b/c": [\n      1,\n      {"d": 2}\n    ]\n  },\n  "e": null\n}';
    const { lineOf } = readJson(text);
    expect(['', '/a', '/a/b~1c', '/a/b~1c/1', '/a/b~1c/1/d', '/e', '/a/zz', '/zz'].map(lineOf)).toEqual([
      1, 2, 3, 5, 5, 8, 2, 1,
    ]);
  });

  test('of two equal keys the one that wins is named', () => {
    expect(readJson('{"a": 1,\n"a": 2}').lineOf('/a')).toBe(2);
  });

  test('property: each leaf of any value is on its own line', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (value) => {
        const text = JSON.stringify(value, null, 1);
        const document = readJson(text);
        expect(document.problems).toEqual([]);
        for (const key of Object.keys(value)) {
          const line = text.split('\n')[document.lineOf(pointerOf([key])) - 1];
          expect(line?.trimStart().startsWith(JSON.stringify(key))).toBe(true);
          expect(valueAt(document.value, pointerOf([key]))).toEqual(JSON.parse(text)[key]);
        }
      }),
    );
  });
});
