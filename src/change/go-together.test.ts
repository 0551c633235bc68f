import { expect, it } from 'vitest';
import { goTogether } from './go-together.ts';

type Steps = Parameters<typeof goTogether>[0];
const step = (said: string, base = 'b', conflicts: readonly string[] = []): Steps => ({
  base,
  conflicts,
  files: said.split(' ').map((word) => ({
    path: word.slice(1),
    kind: word.startsWith('+') ? 'added' : word.startsWith('-') ? 'deleted' : 'modified',
  })),
});

it.each<[string, Steps, Steps, boolean]>([
  ['other files', step('~a ~b'), step('~c'), true],
  ['the same file', step('~a ~b'), step('~b'), false],
  ['a file in the place of a folder', step('+a'), step('~a/b'), false],
  ['a file that may have become another one', step('-a +b'), step('~c'), false],
  ['another commit to stand on', step('~a'), step('~c', 'x'), false],
  ['a step that does not go with its own base', step('~a'), step('~c', 'b', ['c']), false],
])('of two steps with %s Git need be asked or not', (_, one, other, expected) => {
  expect([goTogether(one, other), goTogether(other, one)]).toEqual([expected, expected]);
});
