import { describe, expect, it } from 'vitest';
import { readYaml } from './yaml-document.ts';

const ways: Readonly<Record<string, (depth: number) => string>> = {
  'lists on one line': (depth) => `${'- '.repeat(depth)}x`,
  'keys on one line': (depth) => `${'? '.repeat(depth)}x`,
  'maps by indentation': (depth) => Array.from({ length: depth }, (_one, at) => `${' '.repeat(at)}a:`).join('\n'),
  brackets: (depth) => `${'['.repeat(depth)}x${']'.repeat(depth)}`,
};

describe.each(Object.entries(ways))('YAML nested by %s', (name, nested) => {
  it('is read up to the limit', () => {
    expect(readYaml(nested(100)).problems).toEqual([]);
  });

  it.each([101, 1400])('is refused in words beyond it, however deep: %i', (depth) => {
    const { value, problems } = readYaml(nested(depth));
    expect(problems).toMatchObject([{ code: 'file-too-large', key: 'depth' }]);
    expect(value).toBeUndefined();
  });

  it('is refused where the parser would run out of stack', () => {
    if (name === 'maps by indentation') return;
    expect(readYaml(nested(100_000)).problems).toMatchObject([{ code: 'file-too-large', key: 'depth' }]);
  });
});

describe('YAML of several documents', () => {
  it('is read up to the first line that begins another, and that is told', () => {
    const { value, problems } = readYaml('a: 1\n---\nb: 2\n---\nc: 3\n');
    expect(value).toEqual({ a: 1 });
    expect(problems).toMatchObject([{ code: 'several-documents', line: 2, key: 'documents' }]);
  });

  it.each(['---\na: 1\n', 'a: 1\n---\n', 'a: 1\n...\n', '# c\n---\na: 1\n--- # d\n\n# e\n...\n'])(
    'is none where the marks begin nothing: %j',
    (text) => {
      expect(readYaml(text)).toMatchObject({ value: { a: 1 }, problems: [] });
    },
  );
});

it('takes a mebibyte of YAML', () => {
  const { value, problems } = readYaml(`a: ${'x'.repeat(1_100_000)}`);
  expect(value).toBeUndefined();
  expect(problems).toMatchObject([{ code: 'file-too-large', key: 'size' }]);
});
