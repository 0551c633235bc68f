import { firstNot } from '../model/binary-search.ts';

/** Lines of a text as an editor sees them: where they start and end, how they are indented, how they are ended. */

export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** The offset of the line break, or the end of the text. */
export function lineEnd(text: string, at: number): number {
  const found = text.indexOf('\n', at);
  if (found < 0) return text.length;
  return text[found - 1] === '\r' && found > at ? found - 1 : found;
}

/** Where the next line starts. */
export function nextLine(text: string, at: number): number {
  const found = text.indexOf('\n', at);
  return found < 0 ? text.length : found + 1;
}

/** Whether nothing but white space stands before an offset on its line. */
export function startsLine(text: string, at: number): boolean {
  return /^[ \t]*$/.test(text.slice(lineStart(text, at), at));
}

/** The white space that the line of an offset starts with. */
export function indentAt(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, at), at))?.[0] ?? '';
}

/** The line break that a new line beside an offset takes: that of its own line, of the one before, or of the file. */
export function breakAt(text: string, at: number): string {
  const below = text.indexOf('\n', at);
  const found = below >= 0 ? below : text.lastIndexOf('\n', at - 1);
  return found > 0 && text[found - 1] === '\r' ? '\r\n' : '\n';
}

/** One step of indentation: what stands deeper behind the first bracket that ends a line; two spaces where none does. */
export function unitOf(text: string): string {
  const [, outer = '', inner = ''] = /^([ \t]*)(?:[^\s][^\n]*)?[{[(][ \t]*\r?\n([ \t]+)\S/m.exec(text) ?? [];
  return inner.length > outer.length && inner.startsWith(outer) ? inner.slice(outer.length) : '  ';
}

/** Line and column of an offset, from 1. */
export function placeOf(text: string, at: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let start = 0;
  for (let found = text.indexOf('\n'); found >= 0 && found < at; found = text.indexOf('\n', found + 1)) {
    line += 1;
    start = found + 1;
  }
  return { line, column: at - start + 1 };
}

/** The same for many offsets of one text. */
export class Lines {
  readonly #starts = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  placeOf(at: number): { readonly line: number; readonly column: number } {
    const line = firstNot(this.#starts.length, (place) => (this.#starts[place] ?? 0) <= at);
    return { line, column: at - (this.#starts[line - 1] ?? 0) + 1 };
  }
}
