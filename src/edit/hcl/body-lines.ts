import { CannotEdit, type Splice } from '../dialect.ts';
import { breakAt, indentAt, lineEnd, lineStart, nextLine, startsLine, unitOf } from '../lines.ts';
import type { Plain } from '../plain.ts';
import type { Said, SaidMap, Span } from '../said.ts';
import { skipTrivia } from './trivia.ts';
import { isBareKey, writeHcl } from './write-value.ts';

/** One more attribute of a file or block: behind the last one, on a line of its own. */
export function insertAttribute(text: string, into: SaidMap, key: string, value: Plain): Splice {
  if (!isBareKey(key))
    throw new CannotEdit('cannot-say', 'this is no name that an attribute can have', { at: into.span.start });
  const lineBreak = breakAt(text, into.span.start);
  const unit = unitOf(text);
  const line = (indent: string) => `${indent}${key} = ${writeHcl(value, { unit, lineBreak, lines: true }, indent)}`;
  const last = lastAttribute(into);
  const isFile = into.span.start === 0;
  const standsApart = isFile && into.entries.some((entry) => isBlock(entry.value)) && value instanceof Map;
  if (last !== undefined && !standsApart) {
    if (!isFile && !startsLine(text, last.start)) return openedUp(text, into.span, { line, unit, lineBreak });
    const end = lineEnd(text, skipTrivia(text, last.end));
    return { start: end, end, text: lineBreak + line(indentAt(text, last.start)) };
  }
  if (isFile) return atTheEnd(text, line(''), { lineBreak, apart: standsApart });
  const inner = text.slice(into.span.start + 1, into.span.end - 1);
  if (!inner.includes('\n')) return openedUp(text, into.span, { line, unit, lineBreak });
  const end = lineEnd(text, skipTrivia(text, into.span.start + 1));
  return { start: end, end, text: lineBreak + line(indentAt(text, into.span.start) + unit) };
}

/** A block on one line gets lines. */
function openedUp(
  text: string,
  { start, end }: Span,
  {
    line,
    unit,
    lineBreak,
  }: { readonly line: (indent: string) => string; readonly unit: string; readonly lineBreak: string },
): Splice {
  const outer = indentAt(text, start);
  const inner = text.slice(start + 1, end - 1).trim();
  const kept = inner === '' ? '' : `${outer}${unit}${inner}${lineBreak}`;
  return {
    start: start + 1,
    end: end - 1,
    text: `${lineBreak}${kept}${line(outer + unit)}${lineBreak}${outer}`,
  };
}

function atTheEnd(
  text: string,
  line: string,
  { lineBreak, apart }: { readonly lineBreak: string; readonly apart: boolean },
): Splice {
  const at = text.length;
  if (text.trim() === '') return { start: at, end: at, text: line + lineBreak };
  const blank = apart && !/\n[ \t]*\r?\n$/.test(text) ? lineBreak : '';
  if (text.endsWith('\n')) return { start: at, end: at, text: blank + line + lineBreak };
  return { start: at, end: at, text: lineBreak + blank + line };
}

/** Takes an attribute away with its lines and what is said behind it. */
export function removeAttribute(text: string, from: SaidMap, { start, end }: Span): Splice {
  const rest = skipTrivia(text, end);
  const isFile = from.span.start === 0;
  if (!isFile) {
    const around = text.slice(from.span.start + 1, start) + text.slice(rest, from.span.end - 1);
    const isAlone = from.entries.length === 1 && around.trim() === '';
    if (isAlone) return { start: from.span.start + 1, end: from.span.end - 1, text: '' };
  }
  const first = lineStart(text, start);
  if (!startsLine(text, start)) return { start, end: rest, text: '' };
  if (nextLine(text, rest) < text.length) return { start: first, end: nextLine(text, rest), text: '' };
  // The last line of a file: blank ones before it would end the file, and a missing line break stays missing.
  const before = text.slice(0, first).replace(/(?:[ \t]*\r?\n)+$/, '');
  const isEnded = text.endsWith('\n');
  const lineBreak = isEnded && before !== '' ? breakAt(text, before.length) : '';
  return { start: before.length, end: text.length, text: lineBreak };
}

function lastAttribute(into: SaidMap): Span | undefined {
  let last: Span | undefined;
  for (const { value, span } of into.entries) {
    const isInside = span.start >= into.span.start && span.end <= into.span.end;
    if (isInside && !isBlock(value) && (last === undefined || span.start > last.start)) last = span;
  }
  return last;
}

function isBlock(value: Said): boolean {
  if (value.kind === 'map') return value.form === 'body' || value.form === 'names';
  return value.kind === 'list' && value.form === 'blocks';
}
