import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { commands, groups } from './commands.ts';
import { commonOptions } from './common-options.ts';

/**
 * Hints, findings, pages and docs tell people what to type (docs/decisions/0094). Every command that is named anywhere is held to
 * the table of commands here, with its options, so that none outlives what it names.
 */
const root = fileURLToPath(new URL('../../..', import.meta.url));
const files = globSync(['src/**/*.ts', 'web/src/**/*.{ts,tsx}', 'docs/*.md', 'README.md', 'CONTRIBUTING.md'], {
  cwd: root,
}).filter((file) => !/\.test\.tsx?$|fixture/.test(file));

interface Named {
  readonly where: string;
  readonly words: readonly string[];
}

/** What stands in backticks, after `run: ` and the like, in a block of commands, or at the start of a string. */
const command = /(?:\\?`|: |^ {4}|'|")karma ((?:\$\{[^}]*\}|[^`'"\n])*)/g;

function namedIn(file: string): readonly Named[] {
  return readFileSync(`${root}/${file}`, 'utf8')
    .split('\n')
    .flatMap((line, at) =>
      [...line.matchAll(command)].map(([, said = '']) => {
        const one = said.replaceAll(/\$\{[^}]*\}/g, '<it>').replace(/\s*(?:[;,)|>\\]|&&).*$/, '');
        return { where: `${file}:${at + 1}: karma ${one}`, words: one.split(/\s+/).filter((word) => word !== '') };
      }),
    );
}

const named = files.flatMap(namedIn);
const specs = new Map(commands.flatMap((spec) => [spec.name, ...(spec.aliases ?? [])].map((name) => [name, spec])));
const everywhere = new Set(
  [...commonOptions.flatMap(([flags]) => flags.match(/--?[A-Za-z-]+/g) ?? []), '--help', '--version', '-h'].map(String),
);

/** What is wrong with a command as it is named; undefined where it may be typed. */
function wrong({ words }: Named): string | undefined {
  const [first = '', second = ''] = words;
  // Karma's name in other sentences, options before any command, and a command that is only known when it is said.
  if (!/^[a-z]/.test(first)) return undefined;
  const spec = specs.get(`${first} ${second}`) ?? specs.get(first);
  if (spec === undefined) return Object.hasOwn(groups, first) ? undefined : 'no such command';
  const own = new Set((spec.options ?? []).flatMap(({ flags }) => flags.match(/--?[A-Za-z0-9-]+/g) ?? []));
  const unknown = words
    .filter((word) => /^--?[a-zA-Z]/.test(word))
    .map((word) => (word.split('=')[0] ?? '').replace(/[.:…]+$/, ''))
    .filter((flag) => !own.has(flag) && !everywhere.has(flag));
  return unknown.length === 0 ? undefined : `no such option: ${unknown.join(', ')}`;
}

/** Sentences that begin with the word and name no command. */
const sentences = /karma (?:estate key|trust\\n)/;

it('every command that is named anywhere exists, with its options', () => {
  expect(named.length).toBeGreaterThan(500);
  const all = named
    .filter(({ where }) => !sentences.test(where))
    .flatMap((one) => {
      const trouble = wrong(one);
      return trouble === undefined ? [] : [`${one.where} (${trouble})`];
    });
  expect(all).toEqual([]);
});

it('one that does not exist is seen', () => {
  const of = (text: string) => wrong({ where: '', words: text.split(' ') });
  expect(of('list --nosuch')).toBe('no such option: --nosuch');
  expect(of('lst')).toBe('no such command');
  expect(of('graph versions --json -C <it>')).toBeUndefined();
});
