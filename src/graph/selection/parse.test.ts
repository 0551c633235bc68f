import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expression } from './expression.ts';
import { onlyExcludes } from './expression.ts';
import { parseSelection } from './parse.ts';

/** A selection written back with every operand explicit. */
function show(expression: Expression): string {
  switch (expression.is) {
    case 'path':
      return `{${expression.text}}`;
    case 'attribute':
      return `${expression.key}=${expression.value}`;
    case 'git':
      return `[${expression.from}...${expression.to}]`;
    case 'not':
      return `!(${show(expression.of)})`;
    case 'and':
      return `(${show(expression.left)} | ${show(expression.right)})`;
    case 'graph': {
      const { dependents, dependencies, withoutTarget, target } = expression;
      const bound = (one: typeof dependents): string =>
        one?.within !== undefined ? `(${one.within})` : `${one?.depth ?? ''}`;
      const before = dependents === undefined ? '' : `${bound(dependents)}...`;
      const after = dependencies === undefined ? '' : `...${bound(dependencies)}`;
      return `<${before}${withoutTarget ? '^' : ''}${show(target)}${after}>`;
    }
  }
}

describe('parseSelection', () => {
  it.each([
    ['foo', 'name=foo'],
    ['my app', 'name=my app'],
    ['  foo  ', 'name=foo'],
    ['app*', 'name=app*'],
    ['.gitignore', 'name=.gitignore'],
    ['..foo', 'name=..foo'],
    ['foo..1', 'name=foo..1'],
    ['kind=vpc', 'kind=vpc'],
    ['./apps/*', '{./apps/*}'],
    ['apps/foo', '{apps/foo}'],
    ['/absolute/path', '{/absolute/path}'],
    ['../vpc', '{../vpc}'],
    ['.', '{.}'],
    ['. | type=stack', '({.} | type=stack)'],
    ['{my path/file}', '{my path/file}'],
    ['{apps}', '{apps}'],
    ['source=github.com/acme/foo', 'source=github.com/acme/foo'],
    ['source=./module', 'source=./module'],
    ['source=git::git@github.com:acme/**', 'source=git::git@github.com:acme/**'],
    ['source=git::https://x.dev/net?ref=v1', 'source=git::https://x.dev/net?ref=v1'],
    ['git::https://x.dev/net?ref=v1', '{git::https://x.dev/net?ref=v1}'],
    ['!foo', '!(name=foo)'],
    ['!!foo', 'name=foo'],
    ['!!!foo', '!(name=foo)'],
    ['foo | bar | baz', '((name=foo | name=bar) | name=baz)'],
    ['foo|bar', '(name=foo | name=bar)'],
    ['!foo | bar', '(!(name=foo) | name=bar)'],
    ['...vpc', '<...name=vpc>'],
    ['vpc...', '<name=vpc...>'],
    ['...vpc...', '<...name=vpc...>'],
    ['1...db...2', '<1...name=db...2>'],
    ['...^vpc', '<...^name=vpc>'],
    ['^vpc...', '<^name=vpc...>'],
    ['^vpc', '<^name=vpc>'],
    ['1...^foo...2', '<1...^name=foo...2>'],
    ['1..../apps/*', '<1...{./apps/*}>'],
    ['./apps/foo...', '<{./apps/foo}...>'],
    ['1...1', '<1...name=1>'],
    ['{1}...1', '<{1}...1>'],
    ['1...{1}...1', '<1...{1}...1>'],
    ['name=1...1', '<name=1...1>'],
    ['1...name=1', '<1...name=1>'],
    ['1...1foo', '<1...name=1foo>'],
    ['99999999999999999999999...foo', '<...name=foo>'],
    ['!...foo', '!(<...name=foo>)'],
    ['...!foo', '<...!(name=foo)>'],
    ['foo...1 | bar...2', '(<name=foo...1> | <name=bar...2>)'],
    ['(./envs/prod)...foo', '<(./envs/prod)...name=foo>'],
    ['foo...(./envs/prod)', '<name=foo...(./envs/prod)>'],
    ['[main]', '[main...HEAD]'],
    ['[main...HEAD]', '[main...HEAD]'],
    ['[HEAD~1...HEAD^]', '[HEAD~1...HEAD^]'],
    ['...[feature/name...main]', '<...[feature/name...main]>'],
    ['![main...HEAD]', '!([main...HEAD])'],
    ['vpc/main', '{vpc/main}'],
  ])('%s', (text, shown) => {
    expect(show(parseSelection(text))).toBe(shown);
  });

  it.each([
    ['', 1],
    ['   ', 4],
    ['!', 2],
    ['name=', 6],
    ['name=|x', 6],
    ['foo |', 6],
    ['| foo', 1],
    ['foo | | bar', 7],
    ['...', 4],
    ['^', 2],
    ['... |', 5],
    ['1...', 5],
    ['1......2', 5],
    ['foo...^', 7],
    ['foo^', 4],
    ['=foo', 1],
    ['{foo', 1],
    ['{}', 1],
    ['[main', 1],
    ['[]', 1],
    ['[main...]', 1],
    ['foo}', 4],
    ['foo ]', 5],
    ['./a {b}', 5],
    ['()...foo', 1],
    ['(a) foo', 5],
  ])('refuses %j and names column %i', (text, column) => {
    expect(() => parseSelection(text)).toThrow(
      expect.objectContaining({
        code: 'KARMA_SELECTION',
        details: expect.objectContaining({ column, selection: text }),
      }),
    );
  });

  it('gives an answer or a KARMA_SELECTION, whatever is typed', () => {
    const piece = fc.constantFrom(
      '...',
      '^',
      '!',
      '|',
      '=',
      '{',
      '}',
      '[',
      ']',
      '(',
      ')',
      '1',
      'a',
      './',
      ' ',
      '**',
      '\\',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        try {
          parseSelection(pieces.join(''));
        } catch (error) {
          expect(error).toMatchObject({ code: 'KARMA_SELECTION' });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('tells queries that only take away', () => {
    const verdicts = ['!a', '!a | !b', '!a | b', 'a | !b', '...!a', '!!a'].map((text) =>
      onlyExcludes(parseSelection(text)),
    );
    expect(verdicts).toEqual([true, true, false, false, false, false]);
  });
});
