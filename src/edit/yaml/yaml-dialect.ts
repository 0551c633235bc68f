import { type Bracketed, type BracketRules, insertMember, removeMember } from '../brackets.ts';
import type { Dialect, Splice } from '../dialect.ts';
import { breakAt, lineEnd, lineStart, nextLine, startsLine } from '../lines.ts';
import { Code, type Plain } from '../plain.ts';
import type { Said, SaidList, SaidMap, SaidScalar } from '../said.ts';
import {
  listLines,
  mapLines,
  type Quotes,
  writeBehind,
  writeBlock,
  writeFlow,
  writeKey,
  writeScalar,
  type YamlStyle,
} from './write-value.ts';
import { readYamlTree, startsOf, yamlPlace } from './yaml-tree.ts';

/** YAML: comments, quotes and whether something stands in lines or in brackets stay as they are. */
export const yamlDialect: Dialect = {
  cost: 20,
  changeCost: 1,
  read: readYamlTree,
  replace,

  insert(text, into, key, value) {
    const style = styleOf(text, into);
    if (into.form === 'brackets') {
      if (into.entries.length === 0 && !yamlPlace(into).inFlow) return replace(text, into, new Map([[key, value]]));
      return insertMember(text, bracketed(into), into.entries.length, {
        rules: flowRules(text, into),
        opened: false,
        unit: style.unit,
        write: () =>
          `${writeKey(key, keyQuotes(text, into), true)}: ${writeFlow(value, style.quotes, paddingOf(text, into))}`,
      });
    }
    const column = columnOf(text, startsOf(into)[0] ?? into.span.start);
    const written = `${' '.repeat(column)}${writeKey(key, keyQuotes(text, into), false)}:${writeBehind(value, style, column, false)}`;
    return linesBehind(text, into.span.end, written, style);
  },

  add(text, into, index, value) {
    const style = styleOf(text, into);
    if (into.form === 'brackets') {
      if (into.items.length === 0 && !yamlPlace(into).inFlow) return replace(text, into, [value]);
      return insertMember(text, bracketed(into), index, {
        rules: flowRules(text, into),
        opened: false,
        unit: style.unit,
        write: () => writeFlow(value, quotesOf(text, into.items), ' '),
      });
    }
    const dashes = startsOf(into);
    const column = columnOf(text, dashes[0] ?? into.span.start);
    const written = `-${writeBehind(value, { ...style, quotes: quotesOf(text, into.items) }, column, true)}`;
    const before = dashes[index];
    if (before === undefined) return linesBehind(text, into.span.end, ' '.repeat(column) + written, style);
    return { start: before, end: before, text: `${written}${style.lineBreak}${' '.repeat(column)}` };
  },

  remove(text, from, index) {
    if (from.form === 'brackets') return removeMember(text, bracketed(from), index, flowRules(text, from));
    const first = startsOf(from);
    const member = from.kind === 'map' ? from.entries[index]?.value : from.items[index];
    const [start = from.span.start, next] = [first[index], first[index + 1]];
    const isOnly = first.length === 1 && !(from.kind === 'map' && from.beneath !== undefined);
    if (isOnly) return emptied(text, from);
    const end = member?.span.end ?? start;
    // The first entry of an item stands behind its dash.
    if (!startsLine(text, start)) return { start, end: next ?? end, text: '' };
    return removedLines(text, lineStart(text, start), end);
  },
};

function replace(text: string, old: Said, value: Plain): Splice {
  const { flow, lead, column } = yamlPlace(old);
  const style = styleOf(text, old);
  const { start, end } = old.span;
  const written = text.slice(start, end);
  const isCollection = value !== null && typeof value === 'object' && !(value instanceof Code) && sizeOf(value) > 0;
  if (flow && !(isEmptyBrackets(written) && !yamlPlace(old).inFlow))
    return { start, end, text: spaced(text, start, end, writeFlow(value, quotesIn(text, old) ?? style.quotes)) };
  if (!isCollection && (old.kind === 'scalar' || old.kind === 'elsewhere' || flow)) {
    const block = typeof value === 'string' ? writeBlock(written, value, column) : undefined;
    if (block !== undefined) return { start, end, text: block };
    const isBlock = /^[|>]/.test(written);
    const one = writeScalarOr(value, quotesIn(text, old) ?? style.quotes);
    return {
      start,
      end,
      text: isBlock && written.endsWith('\n') ? one + style.lineBreak : spaced(text, start, end, one),
    };
  }
  if (lead === undefined) return wholeFile(text, old, value, style);
  // From behind the colon or dash: what is said there in a comment stays on its line.
  const behind = text.slice(lead, start);
  const comment =
    /^[ \t]*(#[^\r\n]*)/.exec(behind)?.[1] ?? /^[ \t]*(#[^\r\n]*)/.exec(text.slice(end, lineEnd(text, end)))?.[1];
  const to = text[end - 1] === '\n' && end > start ? end : lineEnd(text, end);
  const lines = writeBehind(value, style, column, text[lead - 1] === '-');
  const ended = text[to - 1] === '\n' && to > start ? style.lineBreak : '';
  if (comment === undefined) return { start: lead, end: to, text: lines + ended };
  const [first = '', ...rest] = lines.split(style.lineBreak);
  return { start: lead, end: to, text: [`${first} ${comment}`, ...rest].join(style.lineBreak) + ended };
}

function writeScalarOr(value: Plain, quotes: Quotes): string {
  return value !== null && typeof value === 'object' ? writeFlow(value, quotes) : writeScalar(value, quotes, false);
}

/** Empty values stand right behind their colon. */
function spaced(text: string, start: number, end: number, written: string): string {
  return start === end && start > 0 && /[:-]/.test(text[start - 1] ?? '') ? ` ${written}` : written;
}

function wholeFile(text: string, old: Said, value: Plain, style: YamlStyle): Splice {
  const { start, end } = old.span;
  const lines =
    value instanceof Map
      ? mapLines(value, style, 0)
      : Array.isArray(value)
        ? listLines(value as readonly Plain[], style, 0)
        : [];
  const written = sizeOf(value) === 0 ? writeFlow(value, style.quotes) : lines.join(style.lineBreak);
  const isEnded = end > start ? text[end - 1] === '\n' : text.slice(0, start).trim() === '' || text[start - 1] === '\n';
  return { start, end, text: written + (isEnded ? style.lineBreak : '') };
}

function sizeOf(value: Plain): number {
  if (value instanceof Map) return value.size;
  return Array.isArray(value) ? value.length : 0;
}

/** A collection that lost its last member. */
function emptied(text: string, from: SaidMap | SaidList): Splice {
  const { lead } = yamlPlace(from);
  const empty = from.kind === 'map' ? '{}' : '[]';
  const { start, end } = from.span;
  const ended = text[end - 1] === '\n' ? breakAt(text, start) : '';
  if (lead === undefined) return { start, end, text: empty + ended };
  const comment = /^[ \t]*(#[^\r\n]*)/.exec(text.slice(lead, start))?.[1];
  return { start: lead, end, text: ` ${empty}${comment === undefined ? '' : ` ${comment}`}${ended}` };
}

/** Lines of their own behind what ends at an offset. */
function linesBehind(text: string, end: number, written: string, { lineBreak }: YamlStyle): Splice {
  if (text[end - 1] === '\n') return { start: end, end, text: written + lineBreak };
  const at = lineEnd(text, end);
  return { start: at, end: at, text: lineBreak + written };
}

function removedLines(text: string, start: number, end: number): Splice {
  const to = text[end - 1] === '\n' ? end : nextLine(text, end);
  if (to < text.length || text.endsWith('\n') || start === 0) return { start, end: to, text: '' };
  // A missing line break at the end stays missing.
  return { start: text[start - 2] === '\r' ? start - 2 : start - 1, end: to, text: '' };
}

function styleOf(text: string, said: Said): YamlStyle {
  const deep = /^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*( *)- /m.exec(text);
  const nested = /^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n( +)[^\s#-]/m.exec(text);
  const indent = nested === null ? 2 : (nested[2] ?? '').length - (nested[1] ?? '').length;
  return {
    unit: ' '.repeat(indent < 1 || indent > 8 ? 2 : indent),
    lineBreak: breakAt(text, said.span.start),
    quotes:
      said.kind === 'map'
        ? quotesOf(
            text,
            said.entries.map(({ value }) => value),
          )
        : 'plain',
    deepLists: deep === null || (deep[2] ?? '').length > (deep[1] ?? '').length,
  };
}

/** The quotes that all texts beside have. */
function quotesOf(text: string, beside: readonly Said[]): Quotes {
  const texts = beside.filter((one): one is SaidScalar => one.kind === 'scalar' && typeof one.value === 'string');
  const quotes = new Set(texts.map((one) => quotesIn(text, one) ?? 'plain'));
  const [only] = quotes;
  return quotes.size === 1 && only !== undefined ? only : 'plain';
}

function quotesIn(text: string, { span }: Said): Quotes | undefined {
  const letter = text[span.start];
  return letter === '"' ? 'double' : letter === "'" ? 'single' : undefined;
}

function keyQuotes(text: string, { entries }: SaidMap): Quotes {
  const quotes = new Set(entries.map(({ keySpan }) => text[keySpan.start]));
  if (quotes.size !== 1) return 'plain';
  return quotes.has('"') ? 'double' : quotes.has("'") ? 'single' : 'plain';
}

function isEmptyBrackets(written: string): boolean {
  return /^(?:\{\s*\}|\[\s*\])$/.test(written);
}

function flowRules(text: string, into: SaidMap | SaidList): BracketRules {
  return {
    padding: into.kind === 'map' ? paddingOf(text, into) : '',
    gap: ', ',
    lineBreaksSeparate: false,
    skip: skipComments,
  };
}

function paddingOf(text: string, { span, entries }: SaidMap): string {
  return entries.length > 0 && text[span.start + 1] !== ' ' ? '' : ' ';
}

function skipComments(text: string, at: number): number {
  let next = at;
  while (text[next] === ' ' || text[next] === '\t') next += 1;
  return text[next] === '#' && next > at ? lineEnd(text, next) : next;
}

function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

function bracketed(node: SaidMap | SaidList): Bracketed {
  return {
    span: node.span,
    members: node.kind === 'map' ? node.entries.map(({ span }) => span) : node.items.map(({ span }) => span),
  };
}
