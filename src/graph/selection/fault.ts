import { KarmaError } from '../../model/errors.ts';

/** A selection that cannot be read: what is wrong, where (a column from 1), and what would be right. */
export function selectionFault(text: string, at: number, what: string, hint?: string): KarmaError {
  const pointer = `${text}\n${' '.repeat(at)}^`;
  return new KarmaError('KARMA_SELECTION', `${what} at column ${at + 1} of '${text}'`, {
    ...(hint === undefined ? {} : { hint }),
    details: { selection: text, column: at + 1, pointer },
  });
}
