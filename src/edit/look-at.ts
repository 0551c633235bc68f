import { stepsOf } from '../model/pointer.ts';
import { CannotEdit } from './dialect.ts';
import { dialectOf } from './dialects.ts';
import type { EditedFile, ValueSource } from './edit.ts';
import { textOf } from './file-text.ts';
import { placeOf } from './lines.ts';
import type { Said } from './said.ts';
import { findTarget } from './target.ts';

/** What a file says at a pointer: a value written out, one that comes from elsewhere, or nothing. */
export interface Look {
  readonly kind: 'literal' | 'elsewhere' | 'missing' | 'unreadable';
  readonly line: number;
  readonly from?: ValueSource;
}

export function lookAt({ path, bytes }: EditedFile, pointer: string): Look {
  let text = '';
  try {
    const dialect = dialectOf(path);
    text = textOf(bytes).text;
    const target = findTarget(dialect.read(text), stepsOf(pointer), false);
    if (target.kind !== 'there') return { kind: 'missing', line: 1 };
    const { said } = target;
    const { line } = placeOf(text, said.span.start);
    if (said.kind === 'elsewhere') return { kind: 'elsewhere', line, from: said.source };
    return { kind: isWhole(said) ? 'literal' : 'elsewhere', line };
  } catch (error) {
    if (!(error instanceof CannotEdit)) throw error;
    const line = typeof error.at === 'number' ? placeOf(text, error.at).line : (error.at?.line ?? 1);
    const kind = error.code === 'elsewhere' ? 'elsewhere' : error.code === 'not-there' ? 'missing' : 'unreadable';
    return { kind, line, ...(error.from === undefined ? {} : { from: error.from }) };
  }
}

function isWhole(said: Said): boolean {
  if (said.kind === 'elsewhere') return false;
  if (said.kind === 'scalar') return true;
  if (said.kind === 'list') return said.items.every(isWhole);
  return said.beneath === undefined && said.entries.every(({ value }) => isWhole(value));
}
