import { expect, it } from 'vitest';
import { verbs } from '../../src/engine/verbs/table.ts';
import { commands } from '../../src/faces/cli/commands.ts';

/** Commands that print JSON of another kind: lines as events come, a document as AWS takes it, where a service is. */
const otherwise = ['log tail', 'log export', 'parameter export', 'serve', 'help', 'complete-ids'];

it('name the verbs whose answers they print, so that each document is held to its schema', () => {
  const without = commands.filter(({ json, verbs: named }) => json !== 'none' && named === undefined);
  expect(without.map(({ name }) => name).sort()).toEqual([...otherwise].sort());
  const named = new Set(commands.flatMap(({ verbs: all = [] }) => all));
  expect([...named].filter((name) => !Object.hasOwn(verbs, name))).toEqual([]);
});
