import { stepsOf } from '../model/pointer.ts';
import { areApart } from './at-once.ts';
import { CannotEdit } from './dialect.ts';
import { dialectOf } from './dialects.ts';
import type { Edit, EditedFile, Refusal } from './edit.ts';
import { EditBudget, tooMany } from './edit-budget.ts';
import { editFile, refusalOf } from './edit-file.ts';
import { Editor } from './editor.ts';
import { bytesOf, textOf } from './file-text.ts';
import { Lines } from './lines.ts';
import { refuseElsewhere } from './refusals.ts';
import { findTarget } from './target.ts';

export interface EditsMade {
  readonly bytes: Uint8Array;
  /** What was not made, each with its reason; the others were. */
  readonly refusals: ReadonlyMap<Edit, Refusal>;
}

/** So many are made one by one: each tells for itself whether it can be. */
const few = 8;

/**
 * Edits a file as {@link editFile} does, each edit for itself: those that can be made are. Of many that have nothing to do with each
 * other one look at the text tells which cannot, and the rest is made at once; what then still cannot be made is found by halves.
 */
export function editEach(file: EditedFile, edits: readonly Edit[], work = new EditBudget()): EditsMade {
  const refusals = new Map<Edit, Refusal>();
  let { bytes } = file;
  const one = (edit: Edit): void => {
    const answer = editFile({ ...file, bytes }, [edit], work);
    if ('bytes' in answer) bytes = answer.bytes;
    else refusals.set(edit, answer.refusal);
  };
  const make = (some: readonly Edit[]): void => {
    if (work.isSpent) for (const edit of some) refusals.set(edit, refused(tooMany(), file.path, edit));
    else if (some.length <= few) for (const edit of some) one(edit);
    else {
      const made = atOnce({ ...file, bytes }, some, work);
      if (made !== undefined) bytes = made;
      else for (const half of halvesOf(some)) make(half);
    }
  };
  make(edits.length > few && areApart(edits) ? makeable(file, edits, refusals) : edits);
  return { bytes, refusals };
}

function halvesOf(edits: readonly Edit[]): readonly (readonly Edit[])[] {
  const half = Math.ceil(edits.length / 2);
  return [edits.slice(0, half), edits.slice(half)];
}

function refused(error: CannotEdit, path: string, edit: Edit, lines?: Lines): Refusal {
  return refusalOf(error, path, {
    pointer: edit.path,
    placeOf: (at) => lines?.placeOf(at) ?? { line: 1, column: 1 },
  });
}

function atOnce(file: EditedFile, edits: readonly Edit[], work: EditBudget): Uint8Array | undefined {
  try {
    const { text, mark } = textOf(file.bytes);
    const editor = new Editor(dialectOf(file.path), text, work);
    return editor.makeAtOnce(edits) ? bytesOf({ text: editor.text, mark }) : undefined;
  } catch (error) {
    if (error instanceof CannotEdit) return undefined;
    throw error;
  }
}

/** Without those of which the text as it is tells that they cannot be made; of a file that cannot be read that is all of them. */
function makeable({ path, bytes }: EditedFile, edits: readonly Edit[], refusals: Map<Edit, Refusal>): readonly Edit[] {
  let lines = new Lines('');
  const refuse = (error: unknown, some: readonly Edit[]): void => {
    if (!(error instanceof CannotEdit)) throw error;
    for (const edit of some) refusals.set(edit, refused(error, path, edit, lines));
  };
  try {
    const { text } = textOf(bytes);
    lines = new Lines(text);
    const root = dialectOf(path).read(text);
    return edits.filter((edit) => {
      try {
        const target = findTarget(root, stepsOf(edit.path), 'override' in edit);
        if (target.kind === 'there' && !('override' in edit)) refuseElsewhere(target.said);
        return true;
      } catch (error) {
        refuse(error, [edit]);
        return false;
      }
    });
  } catch (error) {
    refuse(error, edits);
    return [];
  }
}
