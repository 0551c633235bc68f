import { createReadStream } from 'node:fs';
import { KarmaError } from '../../model/errors.ts';

/** In bytes: what is longer is not what somebody meant to give, or a device that never ends. */
const most = 128 * 1024 * 1024;

/**
 * The text of a file that a person named; `-` is stdin. A pipe is not read in one go: who writes into it may be slower.
 * @param hint what is read from there
 * @throws KARMA_UNREADABLE, KARMA_INPUT_INVALID
 */
export async function givenText(file: string, hint: string): Promise<string> {
  const name = file === '-' ? 'stdin' : file;
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of file === '-' ? process.stdin : createReadStream(file)) {
      parts.push(part as Buffer);
      size += (part as Buffer).length;
      if (size > most)
        throw new KarmaError(
          'KARMA_INPUT_INVALID',
          `${name} is larger than the ${most / 1024 / 1024} MiB that are read`,
          {
            hint,
          },
        );
    }
  } catch (cause) {
    if (cause instanceof KarmaError) throw cause;
    throw new KarmaError('KARMA_UNREADABLE', `${name} cannot be read`, { hint, cause });
  }
  return Buffer.concat(parts).toString('utf8');
}
