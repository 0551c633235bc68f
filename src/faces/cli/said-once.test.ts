import { describe, expect, it } from 'vitest';
import { jsonOrText, keyAsTyped, sayAway, sayOnce } from './said-once.ts';

describe('what is typed as key=value', () => {
  it('is said once, or twice the same', () => {
    const said = new Map<string, unknown>();
    sayOnce(said, 'size', 1);
    sayOnce(said, 'size', 1);
    expect(() => sayOnce(said, 'size', 2)).toThrow('size is set twice, to different values');
    expect([...said]).toEqual([['size', 1]]);
  });

  it('is not taken away beside that, however it is written', () => {
    const [said, away] = [new Map<string, unknown>(), [] as string[]];
    sayOnce(said, keyAsTyped('tags.Team'), 'core');
    sayAway(said, away, keyAsTyped('size'));
    expect(() => sayAway(said, away, keyAsTyped('/tags/Team'))).toThrow('/tags/Team is set and taken away');
    expect(away).toEqual(['/size']);
  });

  it.each([
    ['3', 3],
    ['web', 'web'],
    ['{"a":1}', { a: 1 }],
    ['12345678901234567890123', '\ud800#12345678901234567890123'],
  ])('%s is read with every digit', (word, value) => expect(jsonOrText(word)).toEqual(value));
});
