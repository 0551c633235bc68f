import { CannotEdit, type Place } from './dialect.ts';
import { dialectOf } from './dialects.ts';
import type { Edit, EditAnswer, EditedFile, Refusal } from './edit.ts';
import { EditBudget } from './edit-budget.ts';
import { Editor } from './editor.ts';
import { bytesOf, textOf } from './file-text.ts';
import { placeOf } from './lines.ts';

/** In the measure of {@link EditBudget}: what edits take that are made one by one, though they could be made at once. */
const manyReadings = 2_000_000;

/**
 * Edits a file at its literals: what is asked for is changed, and everything else stays byte for byte as it was, comments, order,
 * indentation, quotes, line ends, byte order mark and a missing last line break included. All edits are made, in order, or none.
 *
 * The result was read back: it parses, holds what was asked for, and nothing else in it means anything else.
 */
export function editFile(file: EditedFile, edits: readonly Edit[], work = new EditBudget()): EditAnswer {
  let text = '';
  let editor: Editor | undefined;
  try {
    const dialect = dialectOf(file.path);
    const read = textOf(file.bytes);
    text = read.text;
    editor = new Editor(dialect, text, work);
    const isLong = edits.length > 1 && edits.length * text.length * dialect.cost > manyReadings;
    if (!isLong || !editor.makeAtOnce(edits)) editor.makeInOrder(edits);
    return { bytes: editor.text === text ? file.bytes : bytesOf({ text: editor.text, mark: read.mark }) };
  } catch (error) {
    if (!(error instanceof CannotEdit)) throw error;
    const edited = editor?.text ?? text;
    return {
      refusal: refusalOf(error, file.path, { pointer: editor?.pointer ?? '', placeOf: (at) => placeOf(edited, at) }),
    };
  }
}

export function refusalOf(
  { code, message, at = 0, from, ways }: CannotEdit,
  file: string,
  { pointer, placeOf }: { readonly pointer: string; readonly placeOf: (at: number) => Place },
): Refusal {
  return {
    code,
    file,
    ...(typeof at === 'number' ? placeOf(at) : at),
    path: pointer,
    reason: message,
    ...(from === undefined ? {} : { from }),
    ways,
  };
}
