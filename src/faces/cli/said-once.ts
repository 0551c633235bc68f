import { canonicalJson } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import { parseExactJson } from '../../model/exact-number.ts';
import { pointerOf } from '../../model/pointer.ts';

/** Keeps what was typed for a key: of two values the first would be passed over. @throws KARMA_USAGE */
export function sayOnce(said: Map<string, unknown>, key: string, value: unknown): void {
  if (said.has(key) && canonicalJson(said.get(key)) !== canonicalJson(value))
    throw new KarmaError('KARMA_USAGE', `${key} is set twice, to different values`, { hint: 'say it once' });
  said.set(key, value);
}

/** Keeps that a key is taken away, which nothing else was said of. @throws KARMA_USAGE */
export function sayAway(said: ReadonlyMap<string, unknown>, away: string[], key: string): void {
  if (said.has(key))
    throw new KarmaError('KARMA_USAGE', `${key} is set and taken away`, { hint: 'leave one of the two out' });
  away.push(key);
}

/** `tags.Team` and `/tags/Team` are one key. */
export function keyAsTyped(key: string): string {
  return key.startsWith('/') ? key : pointerOf(key.split('.'));
}

/** JSON where it is JSON, with every digit of its numbers; a text else. */
export function jsonOrText(word: string): unknown {
  try {
    return parseExactJson(word);
  } catch {
    return word;
  }
}
