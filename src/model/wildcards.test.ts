import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyFolders, type Part, wildcards } from './wildcards.ts';

const step: Part = { run: 'step' };
const all: Part = { run: 'all' };

describe('a pattern with wildcards', () => {
  it.each<[readonly Part[], string, boolean]>([
    [['a', step, 'b'], 'axxb', true],
    [['a', step, 'b'], 'ax/xb', false],
    [['a', all, 'b'], 'ax/xb', true],
    [[anyFolders, 'x'], 'x', true],
    [[anyFolders, 'x'], 'a/b/x', true],
    [[anyFolders, 'x'], 'a/bx', false],
    [[{ one: '[a-c]' }, { one: '[^/]' }], 'b.', true],
    [[{ either: [['a'], ['b', step]] }, '!'], 'bcd!', true],
    [['.', '*'], '.*', true],
    [['a\nb', all], 'a\nb\nc', true],
  ])('%j: %s is %s', (parts, text, fits) => {
    expect(wildcards(parts).test(text)).toBe(fits);
  });

  it('tells what its named runs took, as few or as many as they may', () => {
    const of = (more: object) => wildcards(['live/', { run: 'step', some: true, name: 'environment', ...more }, all]);
    expect(of({}).named('live/dev/vpc')).toEqual({ environment: 'dev' });
    expect(of({ few: true }).named('live/dev/vpc')).toEqual({ environment: 'd' });
    expect(of({}).named('prod/dev')).toBeUndefined();
  });

  it('ends soon, however many ways there are through a long name', () => {
    const many = Array.from({ length: 40 }, (): Part[] => [step, 'a']).flat();
    expect(wildcards([...many, 'b']).test('a'.repeat(2000))).toBe(false);
    expect(wildcards([...many, step]).test('a'.repeat(2000))).toBe(true);
    const folders = Array.from({ length: 40 }, () => anyFolders);
    expect(wildcards([...folders, 'x']).test('a/'.repeat(800))).toBe(false);
  });

  it('fits the same texts, and takes the same, however it is followed', () => {
    const part: fc.Arbitrary<Part> = fc.oneof(
      fc.constantFrom<Part>('a', 'b', '/', 'ab', step, all, anyFolders, { one: '[^/]' }),
      fc.constantFrom<Part>({ run: 'step', some: true }, { either: [['a', step], ['b'], []] }),
    );
    const named: Part = { run: 'step', some: true, name: 'n' };
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 6 }),
        fc.array(part, { maxLength: 3 }),
        fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 12 }),
        (before, after, letters) => {
          const text = letters.join('');
          // So many more that the text is followed step by step.
          const empty = Array.from({ length: 40 }, (): Part => ({ either: [['none', step], []] }));
          const fast = wildcards([...before, named, ...after]);
          const slow = wildcards([...before, named, ...after, ...empty]);
          expect(slow.named(text)).toEqual(fast.named(text));
          expect(slow.test(text)).toBe(fast.test(text));
        },
      ),
      { numRuns: 300 },
    );
  });
});
