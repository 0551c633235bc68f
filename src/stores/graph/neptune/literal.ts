import { KarmaError } from '../../../model/errors.ts';

/**
 * Writing values into a Gremlin script. Neptune takes no bindings, so every value passes through here; nothing else may put
 * text of an estate into a query.
 */

/** A string literal. The escapes of JSON are those of Gremlin, but for the two quotes. @throws KARMA_INPUT_INVALID */
export function text(value: string): string {
  if (!value.isWellFormed()) {
    throw new KarmaError('KARMA_INPUT_INVALID', `${value.toWellFormed()} holds half a character (a lone surrogate)`);
  }
  const inner = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner}'`;
}

/** A whole number as a long; beyond 2^53 an untyped answer would lose digits. */
export function long(value: number): string {
  if (!Number.isSafeInteger(value)) throw new KarmaError('KARMA_BUG', `${value} is no whole number`);
  return `${value}L`;
}

/** An element's id, as text: parts joined by `|`, which is escaped inside them. */
export function elementId(...parts: readonly (string | number)[]): string {
  return parts.map((part) => String(part).replaceAll('%', '%25').replaceAll('|', '%7C')).join('|');
}

/** The `toGen` of what is visible at the head; the largest whole number that plain JSON carries. */
export const forever = Number.MAX_SAFE_INTEGER;
