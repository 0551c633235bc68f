import { describe, expect, it } from 'vitest';
import { possibleGroups, possibleLines } from './possible.ts';

const ids = (name: string, count: number) => Array.from({ length: count }, (_, at) => `${name}${at}`);
const spots = (code: string, components: readonly string[]) => components.map((component) => ({ component, code }));

describe('possibleGroups', () => {
  it('tells one reason once, the largest group first, and last those that only follow', () => {
    const [far, broken, after] = [ids('far', 12), ids('broken', 2), ids('after', 20)];
    const answer = {
      possible: [...after, ...far, ...broken],
      blindSpots: [
        ...spots('module-not-read', [...broken, ...far]),
        ...spots('evaluation-failed', broken),
        ...spots('module-not-read', ['not-possible']),
      ],
    };
    expect(possibleGroups(answer).map(({ codes, components }) => [codes, components.length])).toEqual([
      [['module-not-read'], 12],
      [['evaluation-failed', 'module-not-read'], 2],
      [undefined, 20],
    ]);
    expect(possibleLines(answer, (id) => `<${id}>`)).toEqual([
      '12 module-not-read: <far0>, <far1>, <far10> and 9 more',
      '2 evaluation-failed, module-not-read: <broken0>, <broken1>',
      '20 follow from those: <after0>, <after1>, <after10> and 17 more',
    ]);
  });

  it('names each where there are few', () => {
    expect(possibleLines({ possible: ['b', 'a'], blindSpots: spots('module-not-read', ['b']) })).toEqual([
      'b  module-not-read',
      'a  follow from those',
    ]);
    expect(possibleLines({ possible: [], blindSpots: [] })).toEqual([]);
  });
});
