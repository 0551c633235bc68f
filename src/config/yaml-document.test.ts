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

  it.each([101, 1500])('is refused in words beyond it, however deep: %i', (depth) => {
    const { value, problems } = readYaml(nested(depth));
    expect(problems).toMatchObject([{ code: 'file-too-large', key: 'depth' }]);
    expect(value).toBeUndefined();
  });

  it('is refused where the parser would run out of stack', () => {
    if (name === 'maps by indentation') return;
    expect(readYaml(nested(100_000)).problems).toMatchObject([{ code: 'file-too-large', key: 'depth' }]);
  });
});
