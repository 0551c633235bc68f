import { expect, it } from 'vitest';
import { askable } from '../api/ask.ts';
import { commands } from './commands.ts';

it('what a command asks from afar, a service answers by its name', () => {
  const asks = commands.filter(({ afar, verbs = [] }) => afar === true && verbs.length > 0);
  for (const { name, afar } of commands)
    if (afar !== undefined && afar !== true)
      expect([name, afar.filter((verb) => !askable.has(verb))]).toEqual([name, []]);
  expect(asks.length).toBeGreaterThan(10);
  // What more there is to it is asked by an option that means this machine.
  const unanswered = asks.filter(({ verbs = [], options = [] }) => {
    const others = verbs.filter((verb) => !askable.has(verb));
    return others.includes(verbs[0] ?? 'overview') || (others.length > 0 && !options.some(({ here }) => here === true));
  });
  expect(unanswered.map(({ name }) => name)).toEqual([]);
});
