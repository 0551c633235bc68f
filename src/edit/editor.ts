import { stepsOf } from '../model/pointer.ts';
import { withAll } from './at-once.ts';
import { applyChanges, type Change, changesTo } from './changes.ts';
import { CannotEdit, type Dialect } from './dialect.ts';
import type { Edit, SetValue, UnsetValue } from './edit.ts';
import type { EditBudget } from './edit-budget.ts';
import { type Plain, plainOf, plainOfJson, samePlain, withPlain } from './plain.ts';
import { refuseElsewhere } from './refusals.ts';
import type { Said } from './said.ts';
import { findTarget, wrapped } from './target.ts';
import { withRef } from './with-ref.ts';

/** A text while it is edited. */
export class Editor {
  text: string;
  /** Of the edit that is being made. */
  pointer = '';
  #said: Said;
  readonly #work: EditBudget;
  readonly #dialect: Dialect;

  constructor(dialect: Dialect, text: string, work: EditBudget) {
    this.#dialect = dialect;
    this.#work = work;
    this.text = text;
    this.#said = dialect.read(text);
    work.count(text.length * dialect.cost);
  }

  /** One after the other. Where one cannot be made, {@link text} is as those before it left it. @throws CannotEdit */
  makeInOrder(edits: readonly Edit[]): void {
    for (const edit of edits) {
      const text = this.text;
      this.pointer = edit.path;
      try {
        this.#make(edit);
      } catch (error) {
        this.text = text;
        throw error;
      }
    }
  }

  #make(edit: Edit): void {
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

  /** In one reading; false, and nothing is done, where one has to be made after another, or where all of them cannot be made. */
  makeAtOnce(edits: readonly Edit[]): boolean {
    const [text, said] = [this.text, this.#said];
    try {
      const wanted = withAll(plainOf(said), edits);
      if (wanted === undefined) return false;
      const override = edits.some((edit) => 'override' in edit);
      for (let changes = changesTo(said, wanted, override); changes.length > 0; ) {
        if (!this.#work.holds(text.length * this.#dialect.changeCost * changes.length)) return false;
        this.#work.count(text.length * this.#dialect.changeCost * changes.length);
        this.#read(applyChanges(this.#dialect, this.text, changes));
        const left = changesTo(this.#said, wanted, override);
        if (left.length >= changes.length) break;
        changes = left;
      }
      this.#hold(wanted);
      return true;
    } catch (error) {
      if (!(error instanceof CannotEdit)) throw error;
      this.text = text;
      this.#said = said;
      return false;
    }
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
    this.#work.count(text.length * this.#dialect.cost);
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
