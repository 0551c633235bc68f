import { stepsOf } from '../model/pointer.ts';
import { applyChanges, type Change, changesTo } from './changes.ts';
import { CannotEdit, type Dialect } from './dialect.ts';
import { dialectOf } from './dialects.ts';
import type { Edit, EditAnswer, EditedFile, Refusal, SetValue, UnsetValue } from './edit.ts';
import { bytesOf, textOf } from './file-text.ts';
import { placeOf } from './lines.ts';
import { type Plain, plainOf, plainOfJson, samePlain, withPlain } from './plain.ts';
import { refuseElsewhere } from './refusals.ts';
import type { Said } from './said.ts';
import { findTarget, wrapped } from './target.ts';
import { withRef } from './with-ref.ts';

/** Readings of the text, times its length: what is more would keep a process busy for long. */
const mostWork = 100_000_000;

/**
 * Edits a file at its literals: what is asked for is changed, and everything else stays byte for byte as it was, comments, order,
 * indentation, quotes, line ends, byte order mark and a missing last line break included. All edits are made, in order, or none.
 *
 * The result was read back: it parses, holds what was asked for, and nothing else in it means anything else.
 */
export function editFile({ path, bytes }: EditedFile, edits: readonly Edit[]): EditAnswer {
  let text = '';
  let pointer = '';
  try {
    const dialect = dialectOf(path);
    const file = textOf(bytes);
    text = file.text;
    const editor = new Editor(dialect, file.text);
    for (const edit of edits) {
      pointer = edit.path;
      editor.make(edit);
      text = editor.text;
    }
    return { bytes: editor.text === file.text ? bytes : bytesOf({ text: editor.text, mark: file.mark }) };
  } catch (error) {
    if (!(error instanceof CannotEdit)) throw error;
    return { refusal: refusalOf(error, { path, text, pointer }) };
  }
}

function refusalOf(
  { code, message, at = 0, from, ways }: CannotEdit,
  { path, text, pointer }: { readonly path: string; readonly text: string; readonly pointer: string },
): Refusal {
  return {
    code,
    file: path,
    ...(typeof at === 'number' ? placeOf(text, at) : at),
    path: pointer,
    reason: message,
    ...(from === undefined ? {} : { from }),
    ways,
  };
}

/** A text while it is edited. */
class Editor {
  text: string;
  #said: Said;
  #work = 0;
  readonly #dialect: Dialect;

  constructor(dialect: Dialect, text: string) {
    this.#dialect = dialect;
    this.text = text;
    this.#said = dialect.read(text);
  }

  make(edit: Edit): void {
    const steps = stepsOf(edit.path);
    if (!edit.path.isWellFormed()) throw new CannotEdit('cannot-say', 'a key in the way holds half a character');
    if ('ref' in edit) {
      const [splice, whole] = withRef(this.text, findTarget(this.#said, steps, false), edit.ref);
      const before = this.#said;
      this.#read(this.text.slice(0, splice.start) + splice.text + this.text.slice(splice.end));
      this.#hold(withPlain(plainOf(before), steps, whole));
      return;
    }
    const wanted = 'set' in edit ? plainOfJson(edit.set) : undefined;
    const before = plainOf(this.#said);
    const there = numbered(this.#said, steps, edit.override === true);
    for (let changes = this.#changes(edit, there, wanted); changes.length > 0; ) {
      this.#read(applyChanges(this.#dialect, this.text, changes));
      // Of a list the next item takes the place of one that was taken away.
      const left = wanted === undefined ? [] : this.#changes(edit, there, wanted);
      // What does not get less is told when it is held to what was asked for.
      if (left.length >= changes.length) break;
      changes = left;
    }
    this.#hold(withPlain(before, there, wanted));
  }

  #changes(edit: SetValue | UnsetValue, steps: readonly string[], wanted: Plain | undefined): readonly Change[] {
    const override = edit.override === true;
    const target = findTarget(this.#said, steps, override);
    if (target.kind === 'there') {
      if (wanted !== undefined) return changesTo(target.said, wanted, override);
      if (target.holder?.index === undefined)
        throw new CannotEdit('cannot-say', 'a file as a whole is not taken away by an edit');
      if (!override) refuseElsewhere(target.said);
      return [{ kind: 'remove', from: target.holder.in, index: target.holder.index }];
    }
    if (wanted === undefined) return [];
    const value = wrapped(target.rest, wanted);
    if (target.kind === 'empty') return [{ kind: 'replace', old: target.said, value }];
    const { holder } = target;
    if (!('key' in holder)) {
      const old = holder.in.items[holder.index];
      if (old !== undefined) return [{ kind: 'replace', old, value }];
      return [{ kind: 'add', into: holder.in, index: holder.index, value }];
    }
    const old = holder.index === undefined ? undefined : holder.in.entries[holder.index]?.value;
    if (old !== undefined) return [{ kind: 'replace', old, value }];
    return [{ kind: 'insert', into: holder.in, key: holder.key, value }];
  }

  #read(text: string): void {
    this.#work += text.length * this.#dialect.cost;
    if (this.#work > mostWork) throw new CannotEdit('cannot-say', 'these are too many edits for a file of this size');
    this.#said = readBack(this.#dialect, text);
    this.text = text;
  }

  #hold(expected: Plain | undefined): void {
    if (expected !== undefined && samePlain(plainOf(this.#said), expected)) return;
    throw unsayable();
  }
}

function readBack(dialect: Dialect, text: string): Said {
  try {
    return dialect.read(text);
  } catch (error) {
    throw error instanceof CannotEdit ? unsayable() : error;
  }
}

function unsayable(): CannotEdit {
  return new CannotEdit('cannot-say', 'what is asked for cannot be written here so that it would be read as meant', {
    ways: ['edit the file by hand'],
  });
}

/** The steps with `-` as the number it stands for before anything is added. */
function numbered(root: Said, steps: readonly string[], override: boolean): readonly string[] {
  if (!steps.includes('-')) return steps;
  const named: string[] = [];
  let said: Said | undefined = root;
  for (const [at, step] of steps.entries()) {
    if (said?.kind === 'list' && step === '-') return [...named, String(said.items.length), ...steps.slice(at + 1)];
    named.push(step);
    if (said === undefined) continue;
    const target = findTarget(said, [step], override);
    said = target.kind === 'there' ? target.said : undefined;
  }
  return named;
}
