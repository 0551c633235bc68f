import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { gitlabVariable, shellWord, yamlString } from './quote.ts';

const nasty = fc.array(
  fc.constantFrom(
    '$(touch x)',
    '`id`',
    '$HOME',
    "'",
    '"',
    '\\',
    '\n',
    '\t',
    ' ',
    ';',
    '&',
    '|',
    '>',
    '*',
    '~',
    '=ls',
    '!',
    '#',
    '{a,b}',
    'ü',
    '\u2028',
    '-',
    'a',
    '%s',
    '\u001b',
  ),
  { minLength: 1, maxLength: 8 },
);

describe('a name that is put into', () => {
  it.each(['bash', 'zsh'])('a line for %s is one word, and nothing happens', (shell) => {
    const names = fc.sample(nasty, 200).map((parts) => parts.join(''));
    const { error, stdout } = spawnSync(shell, ['-c', `printf '%s\\0' ${names.map(shellWord).join(' ')}`], {
      encoding: 'utf8',
      cwd: '/',
    });
    if (error !== undefined) return;
    expect(stdout.split('\0').slice(0, -1)).toEqual(names);
  });

  it('YAML is that text', () => {
    fc.assert(
      fc.property(nasty, (parts) => {
        expect(parse(yamlString(parts.join('')))).toBe(parts.join(''));
      }),
    );
  });

  it('a pipeline of GitLab names no variable', () => {
    expect(gitlabVariable('a/$CI_JOB_TOKEN/${x}')).toBe('"a/$$CI_JOB_TOKEN/$${x}"');
  });

  it('a line stays as people would write it, where it may', () => {
    expect(['prod/vpc/main', 'a=b', '=b', 'it is', "it's", ''].map(shellWord)).toEqual([
      'prod/vpc/main',
      'a=b',
      "'=b'",
      "'it is'",
      "'it'\\''s'",
      "''",
    ]);
  });
});
