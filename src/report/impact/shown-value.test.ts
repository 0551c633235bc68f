import { describe, expect, it } from 'vitest';
import { shownPair } from './shown-value.ts';

const sealed = (letter: string) => `0011aabb:${letter.repeat(64)}`;

describe('values as people read them', () => {
  it.each<[string, unknown, unknown, readonly (string | undefined)[]]>([
    ['plain ones', 1, 'two', ['1', 'two']],
    ['one that comes', undefined, true, [undefined, 'true']],
    [
      'one that a run knows, from one place',
      'vpc-1',
      { $unknown: 'an output of a dependency', place: 'dependency.vpc.outputs.id' },
      ['vpc-1', '${dependency.vpc.outputs.id}'],
    ],
    [
      'a text with holes',
      'a-x',
      { $unknown: 'x', text: 'a-${dependency.b.outputs.c}' },
      ['a-x', 'a-${dependency.b.outputs.c}'],
    ],
    [
      'one of which only the reason is known',
      1,
      { $unknown: 'run_cmd is never executed' },
      ['1', 'not known (run_cmd is never executed)'],
    ],
    ['one within others', { a: [1] }, { a: [{ $unknown: 'x', place: 'p' }] }, ['{"a":[1]}', '{"a":["${p}"]}']],
    ['a secret that changes', sealed('a'), sealed('b'), ['a secret', 'another secret']],
    [
      'a password in an address that is long enough to be cut where it differs',
      `postgres://admin:Zq7Gd3MqPwst@db.example.com:5432/${'x'.repeat(40)}`,
      `postgres://admin:Zq7pfyvusHq5@db.example.com:5432/${'x'.repeat(40)}`,
      ['postgres:(a secret)@db.…', 'postgres:(another secret)@db.…'],
    ],
    [
      'a password among words',
      ['tool', '--password', 'Zq7Gd3MqPwst'],
      ['tool', '--password', 'Zq7pfyvusHq5', '-v'],
      ['["tool","--password","(a secret)"]', '["tool","--password","(a secret)","-v"]'],
    ],
    [
      'an address whose password changes',
      `db://u:${sealed('a')}@h`,
      `db://u:${sealed('b')}@h`,
      ['db://u:(a secret)@h', 'db://u:(another secret)@h'],
    ],
    [
      'an address with a password that moves',
      `db://u:${sealed('a')}@h`,
      `db://u:${sealed('a')}@i`,
      ['db://u:(a secret)@h', 'db://u:(a secret)@i'],
    ],
    [
      'one of them among others',
      { url: `db://u:${sealed('a')}@h` },
      { url: `db://u:${sealed('b')}@h` },
      ['{"url":"db://u:(a secret)@h"}', '{"url":"db://u:(another secret)@h"}'],
    ],
    ['a secret that comes', undefined, sealed('b'), [undefined, 'a secret']],
    ['a reason that is a secret', 1, { $unknown: sealed('c') }, ['1', 'not known (a secret that only a run knows)']],
    ['digests', 'a'.repeat(64), 'b'.repeat(64), ['aaaaaaaaaaaa…', 'bbbbbbbbbbbb…']],
  ])('%s', (_, before, after, expected) => {
    expect(shownPair(before, after)).toEqual(expected);
  });
});
