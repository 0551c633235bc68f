import { findSecretsInText } from './find.ts';
import { beginsCommand } from './text.ts';

/** Nothing but what may stand between quotes as it is, and in a terminal. */
const plain = /^[ !#-[\]-~]*$/;

/** A text that is shown as it stands, alone and in any list: it holds no secret, can be no word of a command, and needs no escape. */
export function isInnocent(text: string): boolean {
  return plain.test(text) && !beginsCommand.test(text) && findSecretsInText(text).length === 0;
}
