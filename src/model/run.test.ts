import { describe, expect, it } from 'vitest';
import { isOver, mayFollow, type RunState, runTransitions } from './run.ts';

const states = Object.keys(runTransitions) as RunState[];

describe('the states of a run', () => {
  it.each(states)('%s is reached from queued, or is queued', (state) => {
    const reached = new Set<RunState>(['queued']);
    for (const from of reached) for (const to of runTransitions[from]) reached.add(to);
    expect(reached.has(state)).toBe(true);
  });

  it('is over in exactly four states', () => {
    expect(states.filter(isOver)).toEqual(['finished', 'failed', 'skipped', 'discarded']);
  });

  it.each([
    ['applying', 'discarded', 'an apply that began is finished or failed, never as if it had not been'],
    ['skipped', 'planning', 'a skip is the end'],
    ['queued', 'planning', 'nothing starts before it is ready'],
  ] as const)('%s never becomes %s: %s', (from, to, _why) => {
    expect(mayFollow(from, to)).toBe(false);
  });
});
