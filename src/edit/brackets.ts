import type { Splice } from './dialect.ts';
import { breakAt, indentAt, lineEnd, lineStart, nextLine, startsLine } from './lines.ts';
import type { Span } from './said.ts';

/** Members between brackets: objects and lists of JSON, of HCL, and of YAML where it is written so. */
export interface Bracketed {
  /** With the brackets. */
  readonly span: Span;
  readonly members: readonly Span[];
}

/** What the formats do not share. */
export interface BracketRules {
  /** The offset behind white space and comments that stand before it on its line. */
  skip(text: string, at: number): number;
  /** A line break does for a comma. */
  readonly lineBreaksSeparate: boolean;
  /** Written inside brackets that hold something on their line. */
  readonly padding: string;
  /** Between two members of one line where nothing shows it. */
  readonly gap: string;
}

/** A member that is not there yet. */
export interface NewMember {
  readonly rules: BracketRules;
  /** Whether a first member gets a line of its own. */
  readonly opened: boolean;
  /** One step of indentation. */
  readonly unit: string;
  /** Writes it, told how its line is indented, and whether it has lines of its own. */
  readonly write: (indent: string, ownLine: boolean) => string;
}

export function insertMember(
  text: string,
  { span, members }: Bracketed,
  index: number,
  { rules, opened, unit, write }: NewMember,
): Splice {
  const place = Math.min(index, members.length);
  const before = members[place - 1];
  const behind = members[place];
  if (before === undefined && behind === undefined) return insertFirst(text, span, { rules, opened, unit, write });
  if (behind !== undefined) {
    const own = startsLine(text, behind.start);
    const indent = indentAt(text, behind.start);
    const gap = own ? breakAt(text, behind.start) + indent : gapOf(text, members, rules);
    const comma = own && rules.lineBreaksSeparate && !commaBehind(text, behind, rules) ? '' : ',';
    return { start: behind.start, end: behind.start, text: write(indent, own) + comma + gap };
  }
  return insertLast(text, { span, members }, before ?? span, { rules, write });
}

function insertFirst(text: string, span: Span, { rules, opened, unit, write }: NewMember): Splice {
  const [start, end] = [span.start + 1, span.end - 1];
  const inner = text.slice(start, end);
  const outer = indentAt(text, span.start);
  const lineBreak = breakAt(text, span.start);
  if (inner.includes('\n')) {
    // Before the line of the closing bracket, behind comments that stand there.
    const at = lineStart(text, end);
    const indent = startsLine(text, end) ? indentAt(text, end) : outer;
    const written = indent + unit + write(indent + unit, true) + lineBreak;
    return inner.trim() === ''
      ? { start, end, text: lineBreak + written + indent }
      : { start: at, end: at, text: written };
  }
  if (opened && inner.trim() === '')
    return { start, end, text: `${lineBreak}${outer}${unit}${write(outer + unit, true)}${lineBreak}${outer}` };
  const padding = inner === '' ? rules.padding : ' ';
  return { start, end, text: `${inner.trimEnd()}${padding}${write(outer, false)}${padding}` };
}

function insertLast(
  text: string,
  { span, members }: Bracketed,
  last: Span,
  { rules, write }: Pick<NewMember, 'rules' | 'write'>,
): Splice {
  const comma = commaBehind(text, last, rules);
  if (!startsLine(text, last.start)) {
    const gap = gapOf(text, members, rules);
    const written = write(indentAt(text, last.start), false);
    if (comma !== undefined) return { start: comma + 1, end: comma + 1, text: `${gap.slice(1)}${written},` };
    return { start: last.end, end: last.end, text: gap + written };
  }
  const indent = indentAt(text, last.start);
  const lineBreak = breakAt(text, last.start);
  const isLoose =
    rules.lineBreaksSeparate && !members.slice(0, -1).some((one) => commaBehind(text, one, rules) !== undefined);
  // What stands behind the last member on its line, comments most of all, stays behind it.
  const from = comma === undefined ? last.end : comma + 1;
  const rest = rules.skip(text, from);
  const to = rest === span.end - 1 ? from : Math.max(from, Math.min(rest, lineEnd(text, from)));
  const between = comma === undefined && !isLoose ? ',' : '';
  const trailing = comma === undefined ? '' : ',';
  const kept = text.slice(from, to);
  return { start: from, end: to, text: `${between}${kept}${lineBreak}${indent}${write(indent, true)}${trailing}` };
}

/** Takes a member away with its comma, and with its line where it has one of its own. */
export function removeMember(text: string, { span, members }: Bracketed, index: number, rules: BracketRules): Splice {
  const member = members[index] ?? span;
  const before = members[index - 1];
  const behind = members[index + 1];
  const comma = commaBehind(text, member, rules);
  const end = comma === undefined ? member.end : comma + 1;
  if (before === undefined && behind === undefined) {
    const around = text.slice(span.start + 1, member.start) + text.slice(end, span.end - 1);
    if (around.trim() === '') return { start: span.start + 1, end: span.end - 1, text: '' };
  }
  const rest = rules.skip(text, end);
  const ownLines = startsLine(text, member.start) && rest >= lineEnd(text, end);
  if (behind !== undefined || before === undefined || comma !== undefined) {
    if (ownLines) return { start: lineStart(text, member.start), end: nextLine(text, end), text: '' };
    if (behind !== undefined) return { start: member.start, end: behind.start, text: '' };
  }
  if (before === undefined) return { start: member.start, end, text: '' };
  // The last one: the comma before it goes as well, unless one stood behind it.
  const commaBefore = commaBehind(text, before, rules);
  const from = comma === undefined && commaBefore !== undefined ? commaBefore : before.end;
  const between = text.slice(from === commaBefore ? from + 1 : from, member.start);
  const lastBreak = between.lastIndexOf('\n');
  const kept = lastBreak < 0 ? '' : between.slice(0, between[lastBreak - 1] === '\r' ? lastBreak - 1 : lastBreak);
  if (comma !== undefined) return { start: from, end: member.end, text: kept };
  return { start: from, end: ownLines ? lineEnd(text, rest) : end, text: kept };
}

/** What stands between two members of one line, the comma first. */
function gapOf(text: string, members: readonly Span[], { gap }: BracketRules): string {
  const [first, second] = members;
  const between = first === undefined || second === undefined ? undefined : text.slice(first.end, second.start);
  if (between !== undefined && /^,[ \t]*$/.test(between)) return between;
  return gap;
}

/** The offset of the comma behind a member, on whichever line. */
export function commaBehind(text: string, { end }: Span, rules: BracketRules): number | undefined {
  let at = end;
  for (;;) {
    at = rules.skip(text, at);
    if (text[at] === ',') return at;
    if (text[at] !== '\n' && text[at] !== '\r') return undefined;
    if (rules.lineBreaksSeparate) return undefined;
    at += 1;
  }
}
