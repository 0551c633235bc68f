import { writeFileSync } from 'node:fs';
import { KarmaError } from '../../model/errors.ts';
import { hideInText } from '../../model/secrets/text.ts';

/** Writes a file that a person named. @throws KARMA_UNREADABLE */
export function writeNamed(file: string, text: string): void {
  try {
    writeFileSync(file, hideInText(text));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new KarmaError('KARMA_UNREADABLE', `${file} cannot be written${code}`, {
      hint: 'name a file in a folder you may write to',
      details: { file },
      cause,
    });
  }
}
