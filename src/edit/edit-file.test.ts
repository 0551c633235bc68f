import { describe, expect, test } from 'vitest';
import type { Edit } from './edit.ts';
import { editFile } from './edit-file.ts';

function edited(path: string, text: string, ...edits: readonly Edit[]): string {
  const answer = editFile({ path, bytes: new TextEncoder().encode(text) }, edits);
  if ('bytes' in answer) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(answer.bytes);
  const { code, line, column, reason } = answer.refusal;
  return `${code} ${line}:${column} ${reason}`;
}

describe('JSON', () => {
  const json = (text: string, ...edits: readonly Edit[]) => edited('config.json', text, ...edits);

  test.each<readonly [string, Edit, string]>([
    ['{\n  "a": 1,\n  "b": 2\n}\n', { path: '/a', set: 5 }, '{\n  "a": 5,\n  "b": 2\n}\n'],
    ['{\n  "a": 1\n}\n', { path: '/b', set: 'x' }, '{\n  "a": 1,\n  "b": "x"\n}\n'],
    ['{\r\n\t"a":1\r\n}', { path: '/b', set: [1] }, '{\r\n\t"a":1,\r\n\t"b":[\r\n\t\t1\r\n\t]\r\n}'],
    ['{"a":1}', { path: '/b', set: { c: [1, 2] } }, '{"a":1,"b":{"c":[1,2]}}'],
    ['{"a": 1, "b": 2}', { path: '/b', unset: true }, '{"a": 1}'],
    ['{"a": 1, "b": 2}', { path: '/a', unset: true }, '{"b": 2}'],
    ['{\n  "a": 1,\n  "b": 2\n}', { path: '/a', unset: true }, '{\n  "b": 2\n}'],
    ['{\n  "a": 1,\n  "b": 2\n}', { path: '/b', unset: true }, '{\n  "a": 1\n}'],
    ['{\n  "a": {\n    "b": 2\n  }\n}', { path: '/a/b', unset: true }, '{\n  "a": {}\n}'],
    ['{\n  "a": {}\n}', { path: '/a/b', set: 2 }, '{\n  "a": {\n    "b": 2\n  }\n}'],
    ['{\n  "a": [1, 2]\n}', { path: '/a/-', set: 3 }, '{\n  "a": [1, 2, 3]\n}'],
    ['{\n  "a": [1, 2]\n}', { path: '/a', set: [0, 2, 5] }, '{\n  "a": [0, 2, 5]\n}'],
    ['{\n  "a": [\n    1,\n    2\n  ]\n}', { path: '/a', set: [2] }, '{\n  "a": [\n    2\n  ]\n}'],
    ['{\n  "a": [1, 2, 3]\n}', { path: '/a/0', unset: true }, '{\n  "a": [2, 3]\n}'],
    ['\ufeff{"a": 1}\n', { path: '/a', set: null }, '\ufeff{"a": null}\n'],
    ['{"a": 1}', { path: '/x/y/z', set: true }, '{"a": 1, "x": {"y": {"z": true}}}'],
    ['{}', { path: '/a', set: 1 }, '{\n  "a": 1\n}'],
    ['{"a": "\\u00e9", "b": 1}', { path: '/b', set: 'ü' }, '{"a": "\\u00e9", "b": "\\u00fc"}'],
    ['{"__proto__": {"a": 1}}', { path: '/__proto__/a', set: 2 }, '{"__proto__": {"a": 2}}'],
    ['{"a": {"b": 1}, "c": 1}', { path: '', set: { c: 2 } }, '{"c": 2}'],
    ['{"a": 12345678901234567890}', { path: '/b', set: 1 }, '{"a": 12345678901234567890, "b": 1}'],
  ])('%j, %j', (text, edit, wanted) => {
    expect(json(text, edit)).toBe(wanted);
  });

  test.each<readonly [string, Edit, RegExp]>([
    ['{"a": 1,\n "a": 2}', { path: '/a', set: 3 }, /^stands-twice 2:2 /],
    ['{"a": 1', { path: '/a', set: 3 }, /^unreadable 1:8 /],
    ['{"a": 1}', { path: '/a/b', set: 3 }, /^not-there 1:7 /],
    ['{"a": [1]}', { path: '/a/5', set: 3 }, /^not-there 1:7 /],
    ['{"a": 1}', { path: '', unset: true }, /^cannot-say /],
    ['{\n<<<<<<< HEAD\n"a": 1\n=======\n"a": 2\n>>>>>>> x\n}', { path: '/a', set: 3 }, /^unreadable 2:1 .*merge/],
    ['['.repeat(200), { path: '/a', set: 3 }, /^unreadable 1:102 .*deeper/],
  ])('%j, %j is refused', (text, edit, wanted) => {
    expect(json(text, edit)).toMatch(wanted);
  });

  test('what is no UTF-8 is refused with its line', () => {
    const bytes = new Uint8Array([...new TextEncoder().encode('{\n"a": "'), 0xff, 0x22, 0x7d]);
    expect(editFile({ path: 'config.json', bytes }, [{ path: '/a', set: 1 }])).toMatchObject({
      refusal: { code: 'unreadable', line: 2, column: 7 },
    });
  });

  test('several edits are made in order, or none', () => {
    expect(json('{"a": 1}', { path: '/b', set: 1 }, { path: '/b/c', set: 1 })).toMatch(/^not-there/);
    expect(json('{"a": 1}', { path: '/b', set: {} }, { path: '/b/c', set: 1 })).toBe('{"a": 1, "b": {"c": 1}}');
  });
});
