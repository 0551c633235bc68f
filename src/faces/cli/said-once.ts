import { canonicalJson } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import { parseExactJson } from '../../model/exact-number.ts';

/** Keeps what was typed for a key: of two values the first would be passed over. @throws KARMA_USAGE */
export function sayOnce(said: Map<string, unknown>, key: string, value: unknown): void {
  if (said.has(key) && canonicalJson(said.get(key)) !== canonicalJson(value))
    throw new KarmaError('KARMA_USAGE', `${key} is set twice, to different values`, { hint: 'say it once' });
  said.set(key, value);
}

/** JSON where it is JSON, with every digit of its numbers; a text else. */
export function jsonOrText(word: string): unknown {
  try {
    return parseExactJson(word);
  } catch {
    return word;
  }
}
