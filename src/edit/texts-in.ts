import { pointerOf, stepsOf } from '../model/pointer.ts';
import { CannotEdit } from './dialect.ts';
import { dialectOf } from './dialects.ts';
import type { EditedFile } from './edit.ts';
import { textOf } from './file-text.ts';
import type { Said } from './said.ts';

/** Every text that a file writes out, by pointer, in the order written; nothing of a file that cannot be read. */
export function textsIn({ path, bytes }: EditedFile): readonly { readonly pointer: string; readonly text: string }[] {
  const found: { pointer: string; text: string }[] = [];
  const visit = (said: Said, steps: readonly string[]): void => {
    if (said.kind === 'scalar') {
      if (typeof said.value === 'string') found.push({ pointer: pointerOf(steps), text: said.value });
    } else if (said.kind === 'list') for (const [at, item] of said.items.entries()) visit(item, [...steps, String(at)]);
    else if (said.kind === 'map') for (const { key, value } of said.entries) visit(value, [...steps, key]);
  };
  try {
    visit(dialectOf(path).read(textOf(bytes).text), []);
  } catch (error) {
    if (!(error instanceof CannotEdit)) throw error;
  }
  return found.filter(({ pointer }) => stepsOf(pointer).length > 0);
}
