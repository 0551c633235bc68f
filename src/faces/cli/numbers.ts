import { KarmaError } from '../../model/errors.ts';
import { type Options, textOption } from './command.ts';

/** A whole number of at least `least` given as an option. @throws KARMA_USAGE */
export function numberOption(options: Options, name: string, least = 0): number | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < least)
    throw new KarmaError('KARMA_USAGE', `--${name} takes a whole number from ${least} on, not \`${text}\``);
  return number;
}
