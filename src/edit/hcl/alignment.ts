import { parseWithSpans } from '../../hcl/strict-parse.ts';
import type { Body, Expression } from '../../hcl/tree.ts';
import { firstNot } from '../../model/binary-search.ts';
import type { Splice } from '../dialect.ts';
import { lineEnd, lineStart } from '../lines.ts';
import { skipSpace } from './trivia.ts';

/**
 * `terraform fmt` puts the `=` of lines that follow one another into one column, and comments behind them into another. Where
 * the lines beside an edit were so before it, they are so again after it: as long as the file was formatted it stays so. Lines
 * that were not are left as they are.
 *
 * A line counts as the formatter counts it: behind its first `=` no bracket is left open, and none is closed.
 */
export function realign(before: string, after: string, whole: Splice): string {
  const splice = withoutShared(before, whole);
  const [first, last] = linesOf(before, splice.start, splice.end);
  const old = rowsBeside(assignmentsOf(before), [first - 1, last + 1]);
  if (!old.every(isAligned)) return after;
  const withComments = old.flat().some(({ comment }) => comment !== undefined) && old.every(hasAlignedComments);
  const now = assignmentsOf(after);
  const [from, to] = linesOf(after, splice.start, splice.start + splice.text.length);
  // A row that was not there before says nothing of how the file was formatted.
  const kept = new Set(old.flat().flatMap(({ lead }) => movedBy(splice, lead) ?? []));
  const isNew = (lead: number) => lead > splice.start && lead <= splice.start + splice.text.length;
  const known = rowsBeside(now, [from - 1, to + 1]).filter(
    (row) => row.some(({ lead }) => kept.has(lead)) || row.every(({ lead }) => isNew(lead)),
  );
  // What now goes on in the next line is in no row any more.
  const opened = old.flat().filter(({ lead, sign, line }) => sign < splice.start && now.get(line)?.lead !== lead);
  const gaps = [
    ...known.flatMap((row) => gapsOf(row, withComments)),
    ...opened.map(({ lead, sign }): Gap => ({ start: lead, end: sign, size: 1 })),
  ].sort((a, b) => b.start - a.start);
  return gaps.reduce((text, { start, end, size }) => text.slice(0, start) + ' '.repeat(size) + text.slice(end), after);
}

/** Without what is the same before and after at its beginning. */
function withoutShared(before: string, { start, end, text }: Splice): Splice {
  let same = 0;
  while (same < text.length && start + same < end && before[start + same] === text[same]) same += 1;
  return { start: start + same, end, text: text.slice(same) };
}

/** Where an offset is after a splice; undefined of what was in it. */
function movedBy({ start, end, text }: Splice, offset: number): number | undefined {
  if (offset <= start) return offset;
  return offset < end ? undefined : offset + text.length - (end - start);
}

interface Assignment {
  readonly line: number;
  readonly start: number;
  /** Behind the key. */
  readonly lead: number;
  readonly sign: number;
  /** Behind the value and its comma. */
  readonly end: number;
  /** A comment that ends the line. */
  readonly comment: number | undefined;
}

interface Gap {
  readonly start: number;
  readonly end: number;
  readonly size: number;
}

/** Assignments by line, the first of each line. */
function assignmentsOf(text: string): ReadonlyMap<number, Assignment> {
  const found = new Map<number, Assignment>();
  const read = parseWithSpans(text);
  if ('brokenAt' in read) return found;
  const starts = lineStarts(text);
  const lineAt = (offset: number) => lineIn(starts, offset);
  const { spans } = read;

  const add = (keyEnd: number, value: Expression): void => {
    const span = spans.of(value);
    if (span === undefined) return;
    const sign = skipSpace(text, keyEnd);
    const line = lineAt(sign);
    const start = starts[line] ?? 0;
    const known = found.get(line);
    const close = lineEnd(text, span.end);
    const tail = /^[)\]} \t]*,?/.exec(text.slice(span.end, close))?.[0].trimEnd().length ?? 0;
    if (known !== undefined) {
      // A later one on this line: only what the line ends with is new.
      found.set(line, { ...known, ...ending(text, span.end + tail, close) });
      return;
    }
    // What closes something that an earlier line opened is no assignment of its own, either.
    const isWhole = brackets(text.slice(sign, lineEnd(text, sign))) === 0;
    if (text[sign] !== '=' || !isWhole || lineAt(keyEnd - 1) !== line) return;
    const end = lineAt(span.end) === line ? ending(text, span.end + tail, close) : { end: close, comment: undefined };
    found.set(line, { line, start, lead: keyEnd, sign, ...end });
  };
  const visit = (expression: Expression): void => {
    if (expression.kind === 'object')
      for (const { key, value } of expression.items) {
        const span = spans.of(key);
        if (span !== undefined) add(span.end, value);
        visit(value);
      }
    else if (expression.kind === 'tuple') expression.items.forEach(visit);
    else if (expression.kind === 'call') expression.args.forEach(visit);
  };
  const walk = (body: Body): void => {
    for (const attribute of body.attributes.values()) {
      const span = spans.of(attribute);
      if (span !== undefined) add(span.start + attribute.name.length, attribute.value);
      visit(attribute.value);
    }
    for (const block of body.blocks) walk(block.body);
  };
  walk(read.body);
  return found;
}

function ending(text: string, end: number, close: number): Pick<Assignment, 'end' | 'comment'> {
  const at = end + (/^[ \t]*/.exec(text.slice(end, close))?.[0].length ?? 0);
  const isComment = text[at] === '#' || text.startsWith('//', at);
  return { end, comment: isComment ? at : undefined };
}

/** Brackets that a line opens and does not close; those in texts do not count. */
function brackets(line: string): number {
  const bare = line.replace(/"(?:[^"\\]|\\.)*"/g, '').replace(/(?:#|\/\/).*$/, '');
  return bare.replace(/[^[{(]/g, '').length - bare.replace(/[^\]})]/g, '').length;
}

/** The lines that a stretch of text stands on; of an empty one the lines that it stands between, or in. */
function linesOf(text: string, start: number, end: number): readonly [number, number] {
  const line = lineOf(text, start);
  const isAtEnd = start === lineEnd(text, start);
  if (start === end) return start === lineStart(text, start) ? [line - 1, line] : [line, isAtEnd ? line + 1 : line];
  // Whole lines do not touch the one behind them.
  const isWhole = start === lineStart(text, start) && text[end - 1] === '\n';
  return [line, lineOf(text, end) - (isWhole ? 1 : 0)];
}

/** Rows of lines that follow one another, as far as they touch some lines. */
function rowsBeside(all: ReadonlyMap<number, Assignment>, [first, last]: readonly [number, number]): Assignment[][] {
  const rows: Assignment[][] = [];
  let row: Assignment[] = [];
  let from = first;
  while (all.has(from - 1) && all.has(from)) from -= 1;
  for (let line = from; line <= last || row.length > 0; line += 1) {
    const one = all.get(line);
    if (one !== undefined) row.push(one);
    else if (row.length > 0) {
      rows.push(row);
      row = [];
    }
  }
  return row.length > 0 ? [...rows, row] : rows;
}

function columnOf(row: readonly Assignment[]): number {
  return Math.max(...row.map(({ lead, start }) => lead - start)) + 1;
}

function isAligned(row: readonly Assignment[]): boolean {
  const column = columnOf(row);
  return row.every(({ sign, start }) => sign - start === column);
}

/** Comments of lines that follow one another, one space behind the longest of them. */
function hasAlignedComments(row: readonly Assignment[]): boolean {
  return commentRows(row).every((lines) => {
    const column = Math.max(...lines.map(({ end, start }) => end - start)) + 1;
    return lines.every(({ comment = 0, start }) => comment - start === column);
  });
}

function commentRows(row: readonly Assignment[]): Assignment[][] {
  const rows: Assignment[][] = [];
  let lines: Assignment[] = [];
  for (const one of row) {
    if (one.comment !== undefined) lines.push(one);
    else if (lines.length > 0) {
      rows.push(lines);
      lines = [];
    }
  }
  return lines.length > 0 ? [...rows, lines] : rows;
}

function gapsOf(row: readonly Assignment[], withComments: boolean): Gap[] {
  const column = columnOf(row);
  const signs = row.map(({ start, lead, sign }): Gap => ({ start: lead, end: sign, size: column - (lead - start) }));
  if (!withComments) return signs;
  const moved = new Map(row.map((one, at) => [one, (signs[at]?.size ?? 0) - (one.sign - one.lead)]));
  const comments = commentRows(row).flatMap((lines) => {
    const endOf = (one: Assignment) => one.end - one.start + (moved.get(one) ?? 0);
    const wanted = Math.max(...lines.map(endOf)) + 1;
    return lines.map((one): Gap => ({ start: one.end, end: one.comment ?? one.end, size: wanted - endOf(one) }));
  });
  return [...signs, ...comments];
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lineIn(starts: readonly number[], offset: number): number {
  return firstNot(starts.length, (line) => (starts[line] ?? 0) <= offset) - 1;
}

function lineOf(text: string, offset: number): number {
  let line = 0;
  const start = lineStart(text, offset);
  for (let at = text.indexOf('\n'); at >= 0 && at < start; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
