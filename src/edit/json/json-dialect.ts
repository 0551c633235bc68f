import { digitsOf, isLongNumber } from '../../model/exact-number.ts';
import { type Bracketed, type BracketRules, insertMember, removeMember } from '../brackets.ts';
import type { Dialect } from '../dialect.ts';
import { breakAt, indentAt, startsLine, unitOf } from '../lines.ts';
import { Code, type Plain } from '../plain.ts';
import type { Said, SaidList, SaidMap } from '../said.ts';
import { readJsonTree } from './json-tree.ts';

/** JSON: everything in the style of what stands beside it. */
export const jsonDialect: Dialect = {
  cost: 1,
  changeCost: 0,
  read: readJsonTree,

  replace(text, { span, ...old }, value) {
    const style = styleOf(text);
    const isEmpty = /^[[{]\s*[\]}]$/.test(text.slice(span.start, span.end));
    const flat = !isEmpty && (old.kind === 'map' || old.kind === 'list') && !spread(text, span.start, span.end);
    return { ...span, text: write(value, { ...style, lines: style.lines && !flat }, indentAt(text, span.start)) };
  },

  insert(text, into, key, value) {
    const style = styleOf(text);
    const colon = colonOf(text, into) ?? style.colon;
    return insertMember(text, bracketed(into), into.entries.length, {
      rules: rulesOf(style),
      opened: style.lines && opensLines(text, into),
      unit: style.unit,
      write: (indent, ownLine) =>
        writeText(key, style) + colon + write(value, { ...style, lines: style.lines && ownLine }, indent),
    });
  },

  add(text, into, index, value) {
    const style = styleOf(text);
    return insertMember(text, bracketed(into), index, {
      rules: rulesOf(style),
      opened: style.lines && opensLines(text, into),
      unit: style.unit,
      write: (indent, ownLine) => write(value, { ...style, lines: style.lines && ownLine }, indent),
    });
  },

  remove: (text, from, index) => removeMember(text, bracketed(from), index, rulesOf(styleOf(text))),
};

interface Style {
  /** Members have lines of their own. */
  readonly lines: boolean;
  readonly unit: string;
  readonly lineBreak: string;
  readonly colon: string;
  readonly gap: string;
  /** Letters beyond ASCII are escaped, as some writers do. */
  readonly ascii: boolean;
}

/** The one that was looked at last: many changes of one text ask for the same. */
let last: { readonly text: string; readonly style: Style } | undefined;

function styleOf(text: string): Style {
  if (last?.text !== text) last = { text, style: styleIn(text) };
  return last.style;
}

function styleIn(text: string): Style {
  const trimmed = text.trim();
  const colon = /"(\s*:[ \t]*)\S/.exec(trimmed)?.[1] ?? ': ';
  const compact = colon === ':' && !/,[ \t]/.test(trimmed.slice(0, 10_000));
  return {
    lines: trimmed.includes('\n') || !/[[{]\s*[^\s\]}]/.test(trimmed),
    unit: unitOf(text),
    lineBreak: breakAt(text, 0),
    colon,
    gap: compact ? ',' : ', ',
    ascii: /\\u(?!00[0-7])[0-9a-fA-F]{4}/.test(text) && !/[\u0080-\uffff]/.test(text),
  };
}

function rulesOf({ gap }: Style): BracketRules {
  return { gap, padding: '', lineBreaksSeparate: false, skip: (text, at) => skipBlank(text, at) };
}

function skipBlank(text: string, at: number): number {
  let next = at;
  while (text[next] === ' ' || text[next] === '\t') next += 1;
  return next;
}

function bracketed(node: SaidMap | SaidList): Bracketed {
  return {
    span: node.span,
    members: node.kind === 'map' ? node.entries.map(({ span }) => span) : node.items.map(({ span }) => span),
  };
}

/** Whether a first member of it gets a line of its own: where it stands on one itself, or is all there is. */
function opensLines(text: string, { span }: Said): boolean {
  const indent = /^[ \t]*(?:"(?:[^"\\\n]|\\.)*"\s*:\s*)?$/;
  return (
    indent.test(text.slice(text.lastIndexOf('\n', span.start - 1) + 1, span.start)) || startsLine(text, span.start)
  );
}

function spread(text: string, start: number, end: number): boolean {
  return text.slice(start, end).includes('\n');
}

function colonOf(text: string, { entries }: SaidMap): string | undefined {
  const last = entries.at(-1);
  if (last === undefined) return undefined;
  const written = text.slice(last.keySpan.end, last.value.span.start);
  return written.includes('\n') ? undefined : written;
}

function write(value: Plain, style: Style, indent: string): string {
  if (typeof value === 'string') return isLongNumber(value) ? digitsOf(value) : writeText(value, style);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (value instanceof Code) return value.code;
  const inner = indent + style.unit;
  const members = isList(value)
    ? value.map((item) => write(item, style, inner))
    : [...value].map(([key, member]) => writeText(key, style) + style.colon + write(member, style, inner));
  const [open, close] = isList(value) ? ['[', ']'] : ['{', '}'];
  if (members.length === 0) return open + close;
  if (!style.lines) return open + members.join(style.gap) + close;
  const { lineBreak } = style;
  return `${open}${lineBreak}${inner}${members.join(`,${lineBreak}${inner}`)}${lineBreak}${indent}${close}`;
}

function isList(value: readonly Plain[] | ReadonlyMap<string, Plain>): value is readonly Plain[] {
  return Array.isArray(value);
}

function writeText(text: string, { ascii }: Style): string {
  const written = JSON.stringify(text);
  if (!ascii) return written;
  return written.replace(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
