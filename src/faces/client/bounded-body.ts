import { KarmaError } from '../../model/errors.ts';

/** The whole export of a hundred thousand components stays far below it. */
export const largestAnswer = 256 * 1024 * 1024;
/** What somebody says who could not answer. */
export const largestProblem = 1024 * 1024;

/** The text of an answer, read no further than may be: whoever answers may never end. @throws KARMA_UPSTREAM */
export async function textOf(response: Response, most: number): Promise<string> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let read = 0;
  for await (const part of response.body ?? []) {
    read += part.byteLength;
    if (read > most)
      throw new KarmaError('KARMA_UPSTREAM', `what the service answers is longer than ${most} bytes`, {
        hint: 'ask for less of it: `limit`, or a selection; is it a service of Karma?',
      });
    parts.push(decoder.decode(part, { stream: true }));
  }
  return parts.join('') + decoder.decode();
}
