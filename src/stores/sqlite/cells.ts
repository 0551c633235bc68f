import { canonicalJson } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';

/** Reading the arrays that prepared statements answer: a cell of another kind means the file was tampered with. */
export type Cells = readonly unknown[];

export function rows(answer: unknown): readonly Cells[] {
  // `setReturnArrays` makes every row an array; the library's types still say object.
  return answer as readonly Cells[];
}

export function cells(answer: unknown): Cells | undefined {
  return answer === undefined ? undefined : (answer as Cells);
}

export function text(row: Cells, at: number): string {
  const value = row[at];
  if (typeof value !== 'string') throw corrupt(`cell ${at} holds no text`);
  return value;
}

export function optionalText(row: Cells, at: number): string | undefined {
  return row[at] === null ? undefined : text(row, at);
}

export function number(row: Cells, at: number): number {
  const value = row[at];
  if (typeof value !== 'number') throw corrupt(`cell ${at} holds no number`);
  return value;
}

export function bytes(row: Cells, at: number): Uint8Array {
  const value = row[at];
  if (!(value instanceof Uint8Array)) throw corrupt(`cell ${at} holds no bytes`);
  return value;
}

export function json(row: Cells, at: number): unknown {
  try {
    return JSON.parse(text(row, at));
  } catch (error) {
    throw corrupt(`cell ${at} holds no JSON`, error);
  }
}

/** The JSON object of a cell; undefined when its text is not canonical, so that a key that stands twice is not passed over. */
export function exactJson(row: Cells, at: number): unknown {
  try {
    const value = json(row, at);
    const isObject = value !== null && typeof value === 'object';
    return isObject && canonicalJson(value) === text(row, at) ? value : undefined;
  } catch {
    return undefined;
  }
}

function corrupt(message: string, cause?: unknown): KarmaError {
  return new KarmaError('KARMA_DATA_CORRUPT', message, { hint: 'run: karma log verify', cause });
}
