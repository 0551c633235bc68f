import type { Paged } from '../../../engine/paging.ts';
import type { Output } from '../output.ts';
import { printableLine, type Style } from './style.ts';

export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => string;
  readonly right?: boolean;
  readonly paint?: (text: string, row: T) => string;
}

/** A table in parts, for who writes something below a row. A row may take several lines. */
export interface TableParts {
  readonly header: string;
  readonly rows: readonly string[];
}

/**
 * Aligned columns, header dim, numbers right, no box drawing. The first column is never cut, so that ids can be copied. In a
 * terminal that is too narrow the widest of the others are broken into lines; where even that does not do, each row says them
 * below its first cell.
 */
export function table<T>(rows: readonly T[], columns: readonly Column<T>[], style: Style, indent = '  '): string {
  if (rows.length === 0) return '';
  const parts = tableParts(rows, columns, style, indent);
  return [...(parts.header === '' ? [] : [parts.header]), ...parts.rows].join('\n');
}

/** {@link table} in parts. */
export function tableParts<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  style: Style,
  indent = '  ',
): TableParts {
  const cells = rows.map((row) => columns.map((column) => printableLine(column.value(row))));
  const natural = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((line) => widthOf(line[index] ?? ''))),
  );
  const room = style.width === undefined ? Number.POSITIVE_INFINITY : style.width - indent.length;
  const widths = fittingWidths(natural, columns, room);
  if (widths === undefined)
    return { header: '', rows: cells.map((line, at) => stacked(line, { rows, columns, style, indent, room }, at)) };
  const lineOf = (line: readonly string[], paint: (text: string, index: number) => string): string =>
    (indent + line.map((text, index) => paint(padded(text, index, widths, columns), index)).join('  ')).trimEnd();
  return {
    header:
      indent +
      style.dim(
        lineOf(
          columns.map(({ title }) => title),
          (text) => text,
        ).slice(indent.length),
      ),
    rows: cells.map((line, at) => {
      const broken = line.map((text, index) =>
        widths[index] === natural[index] ? [text] : wrapped(text, widths[index] ?? 1),
      );
      const height = Math.max(...broken.map((lines) => lines.length));
      return Array.from({ length: height }, (_, part) =>
        lineOf(
          broken.map((lines) => lines[part] ?? ''),
          (text, index) => painted(columns[index], text, rows[at]),
        ),
      ).join('\n');
    }),
  };
}

function painted<T>(column: Column<T> | undefined, text: string, row: T | undefined): string {
  return column?.paint === undefined || row === undefined ? text : column.paint(text, row);
}

function padded<T>(text: string, index: number, widths: readonly number[], columns: readonly Column<T>[]): string {
  const space = ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(text)));
  if (columns[index]?.right === true) return space + text;
  return index === columns.length - 1 ? text : text + space;
}

/** Narrower than this a column of text is no help. */
const narrowest = 16;

/** The widest columns but the first give way, numbers never; undefined where it still does not fit. */
function fittingWidths<T>(
  natural: readonly number[],
  columns: readonly Column<T>[],
  room: number,
): readonly number[] | undefined {
  const widths = [...natural];
  const total = () => widths.reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1);
  while (total() > room) {
    let widest = -1;
    for (const [index, width] of widths.entries())
      if (index > 0 && columns[index]?.right !== true && width > narrowest && width > (widths[widest] ?? 0))
        widest = index;
    if (widest < 0) return undefined;
    widths[widest] = Math.max(narrowest, (widths[widest] ?? 0) - (total() - room));
  }
  return widths;
}

interface Stack<T> {
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly style: Style;
  readonly indent: string;
  readonly room: number;
}

/** The first cell on a line of its own, what the others say below it. */
function stacked<T>([first = '', ...others]: readonly string[], stack: Stack<T>, at: number): string {
  const { rows, columns, style, indent, room } = stack;
  const head = painted(columns[0], first, rows[at]);
  const said = others.flatMap((text, index) =>
    text === '' || text === '-' ? [] : wrapped(`${columns[index + 1]?.title.toLowerCase() ?? ''} ${text}`, room - 4),
  );
  return [indent + head, ...said.map((line) => `${indent}    ${style.dim(line)}`)].join('\n');
}

/** Lines no wider than that, broken behind a space or a comma, before a slash, else anywhere. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const [piece] of text.matchAll(/\/?[^\s,/]*[\s,]*/g)) {
    if (line !== '' && widthOf((line + piece).trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
    while (widthOf(line.trimEnd()) > width) {
      lines.push([...line].slice(0, width).join(''));
      line = [...line].slice(width).join('');
    }
  }
  return line.trim() === '' && lines.length > 0 ? lines : [...lines, line.trimEnd()];
}

/** Columns a text takes: code points, wide East Asian ones and emoji as two. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    width += code >= 0x1100 && (code <= 0x115f || (code >= 0x2e80 && code <= 0xffdc) || code >= 0x1f300) ? 2 : 1;
  }
  return width;
}

/** Says what a list left out because of `--limit`, and how to go on. */
export function sayMore({ total, hidden = 0, next }: Paged, output: Output): void {
  if (hidden === 0) return;
  const more = next === undefined ? '' : `; --cursor ${next} goes on`;
  output.talk(output.talkStyle.dim(`${total - hidden} of ${total}${more}`));
}
