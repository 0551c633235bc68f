import { printableLine, type Style } from './style.ts';

export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => string;
  readonly right?: boolean;
  readonly paint?: (text: string, row: T) => string;
}

/** Aligned columns, header dim, numbers right, no box drawing; nothing is cut, so that ids can be copied. */
export function table<T>(rows: readonly T[], columns: readonly Column<T>[], style: Style, indent = '  '): string {
  if (rows.length === 0) return '';
  const cells = rows.map((row) => columns.map((column) => printableLine(column.value(row))));
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...cells.map((line) => widthOf(line[index] ?? ''))),
  );
  const pad = (text: string, index: number, right: boolean): string => {
    const space = ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(text)));
    if (right) return space + text;
    return index === columns.length - 1 ? text : text + space;
  };
  const header = columns.map((column, index) => pad(column.title, index, column.right === true)).join('  ');
  const lines = cells.map((line, rowIndex) =>
    columns
      .map((column, index) => {
        const padded = pad(line[index] ?? '', index, column.right === true);
        const row = rows[rowIndex];
        return column.paint !== undefined && row !== undefined ? column.paint(padded, row) : padded;
      })
      .join('  ')
      .trimEnd(),
  );
  return [indent + style.dim(header.trimEnd()), ...lines.map((line) => indent + line)].join('\n');
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
