import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GitIgnore } from './git-ignore.ts';
import { TemporaryFolder } from './temporary-repository.ts';

const ignores = (text: string, path: string, isFolder = false) =>
  new GitIgnore(new Map([['', text]])).ignores(path, isFolder);

describe('what .gitignore says of a path', () => {
  it.each<[string, string, boolean]>([
    ['*.zip', 'a/b/f.zip', true],
    ['/f.zip', 'a/f.zip', false],
    ['a/*.zip', 'a/f.zip', true],
    ['a/*.zip', 'b/a/f.zip', false],
    ['build/', 'build/f.zip', true],
    ['build/', 'build', false],
    ['**/x', 'a/b/x', true],
    ['a/**/x', 'a/x', true],
    ['a/**', 'a/b/c', true],
    ['*\n!keep', 'keep', false],
    ['a\n!a/keep', 'a/keep', true],
    ['[!a]x', 'bx', true],
    ['[!a]x', 'ax', false],
    ['#x', '#x', false],
    ['\\#x', '#x', true],
    ['x  ', 'x', true],
  ])('%j, of %s: %s', (text, path, expected) => expect(ignores(text, path)).toBe(expected));

  it('is what git says of it', () => {
    using folder = new TemporaryFolder();
    const step = fc.constantFrom('a', 'b', 'ab', 'a.x', '.x', 'A');
    const path = fc.array(step, { minLength: 1, maxLength: 3 }).map((steps) => steps.join('/'));
    const piece = fc.constantFrom('a', 'b', '.x', '*', '**', '?', '[ab]', '[!a]', '[a-b]', '/', '/', '\\a');
    const line = fc
      .tuple(
        fc.constantFrom('', '', '!', '/'),
        fc.array(piece, { minLength: 1, maxLength: 5 }),
        fc.constantFrom('', '/', ' '),
      )
      .map(([before, pieces, after]) => (before + pieces.join('') + after).replace(/\/+/g, '/'));
    const text = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => `${lines.join('\n')}\n`);
    let round = 0;
    fc.assert(
      fc.property(text, fc.option(text), fc.uniqueArray(path, { minLength: 1, maxLength: 6 }), (top, inner, paths) => {
        const repository = folder
          .repository(`r${round++}`)
          .write({ '.gitignore': top, ...(inner === null ? {} : { 'a/.gitignore': inner }) });
        const asked = paths.map((one) => `${one}/f`);
        for (const one of asked) mkdirSync(dirname(join(repository.root, one)), { recursive: true });
        const said = spawnSync('git', ['-C', repository.root, 'check-ignore', '--no-index', '--stdin', '-z'], {
          input: `${asked.join('\0')}\0`,
        });
        const rules = new GitIgnore(new Map([['', top], ...(inner === null ? [] : [['a', inner] as const])]));
        expect(asked.filter((one) => rules.ignores(one, false))).toEqual(
          asked.filter((one) => said.stdout.toString().split('\0').includes(one)),
        );
      }),
      { numRuns: 60 },
    );
  });
});
