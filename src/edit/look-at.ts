import { stepsOf } from '../model/pointer.ts';
import { CannotEdit } from './dialect.ts';
import { dialectOf } from './dialects.ts';
import type { EditedFile, ValueSource } from './edit.ts';
import { textOf } from './file-text.ts';
import { Lines } from './lines.ts';
import type { Said } from './said.ts';
import { findTarget } from './target.ts';

/** What a file says at a pointer: a value written out, one that comes from elsewhere, or nothing. */
export interface Look {
  readonly kind: 'literal' | 'elsewhere' | 'missing' | 'unreadable';
  readonly line: number;
  readonly from?: ValueSource;
}

/** Looks at a file, which is read once. */
export function lookerAt({ path, bytes }: EditedFile): (pointer: string) => Look {
  let lines = new Lines('');
  try {
    const dialect = dialectOf(path);
    const { text } = textOf(bytes);
    lines = new Lines(text);
    const root = dialect.read(text);
    return (pointer) => lookIn(root, pointer, lines);
  } catch (error) {
    const look = unseen(error, lines);
    return () => look;
  }
}

function lookIn(root: Said, pointer: string, lines: Lines): Look {
  try {
    const target = findTarget(root, stepsOf(pointer), false);
    if (target.kind !== 'there') return { kind: 'missing', line: 1 };
    const { said } = target;
    const { line } = lines.placeOf(said.span.start);
    if (said.kind === 'elsewhere') return { kind: 'elsewhere', line, from: said.source };
    return { kind: isWhole(said) ? 'literal' : 'elsewhere', line };
  } catch (error) {
    return unseen(error, lines);
  }
}

function unseen(error: unknown, lines: Lines): Look {
  if (!(error instanceof CannotEdit)) throw error;
  const line = typeof error.at === 'number' ? lines.placeOf(error.at).line : (error.at?.line ?? 1);
  const kind = error.code === 'elsewhere' ? 'elsewhere' : error.code === 'not-there' ? 'missing' : 'unreadable';
  return { kind, line, ...(error.from === undefined ? {} : { from: error.from }) };
}

function isWhole(said: Said): boolean {
  if (said.kind === 'elsewhere') return false;
  if (said.kind === 'scalar') return true;
  if (said.kind === 'list') return said.items.every(isWhole);
  return said.beneath === undefined && said.entries.every(({ value }) => isWhole(value));
}
