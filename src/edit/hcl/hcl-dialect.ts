import { type Bracketed, type BracketRules, insertMember, removeMember } from '../brackets.ts';
import { CannotEdit, type Dialect } from '../dialect.ts';
import { breakAt, indentAt, lineStart, unitOf } from '../lines.ts';
import type { SaidList, SaidMap } from '../said.ts';
import { realign } from './alignment.ts';
import { insertAttribute, removeAttribute } from './body-lines.ts';
import { readHclTree } from './hcl-tree.ts';
import { writeHeredoc } from './heredoc.ts';
import { skipTrivia } from './trivia.ts';
import { type HclStyle, writeHcl, writeKey } from './write-value.ts';

/** HCL: configurations, and files of variables. */
export const hclDialect: Dialect = {
  cost: 4,
  changeCost: 8,
  read: readHclTree,
  settle: realign,

  replace(text, old, value) {
    if (old.kind === 'map' && old.form !== 'brackets') throw blocksStay(old.span.start);
    if (old.kind === 'list' && old.form === 'blocks') throw blocksStay(old.span.start);
    // What is laid under it goes as well: whoever asks for that overrides it.
    const { start, end } = old.kind === 'map' && old.beneath !== undefined ? old.beneath.span : old.span;
    const written = text.slice(start, end);
    const heredoc = typeof value === 'string' ? writeHeredoc(written, value) : undefined;
    if (heredoc !== undefined) return { start, end, text: heredoc };
    const isFlat = old.kind !== 'scalar' && !written.includes('\n') && !/^[[{]\s*[\]}]$/.test(written);
    const style = styleAt(text, start, !isFlat && ownsLine(text, start));
    return { start, end, text: writeHcl(value, style, indentAt(text, start)) };
  },

  insert(text, into, key, value) {
    if (into.form === 'body') return insertAttribute(text, into, key, value);
    const unit = unitOf(text);
    const sign = signOf(text, into) ?? ' = ';
    const quoted = into.entries.length > 0 && into.entries.every(({ keySpan }) => text[keySpan.start] === '"');
    return insertMember(text, bracketed(into), into.entries.length, {
      rules: objects,
      opened: ownsLine(text, into.span.start),
      unit,
      write: (indent, lines) =>
        `${writeKey(key, quoted)}${sign}${writeHcl(value, { unit, lineBreak: breakAt(text, into.span.start), lines }, indent)}`,
    });
  },

  add(text, into, index, value) {
    if (into.form === 'blocks') throw blocksStay(into.span.start);
    const style = styleAt(text, into.span.start, true);
    const isDeep = value !== null && typeof value === 'object';
    return insertMember(text, bracketed(into), index, {
      rules: lists,
      opened: isDeep && ownsLine(text, into.span.start),
      unit: style.unit,
      write: (indent, lines) =>
        writeHcl(
          value,
          { ...style, lines: lines || (isDeep && into.items.length > 0 && hasLines(text, into)) },
          indent,
        ),
    });
  },

  remove(text, from, index) {
    if (from.kind === 'list') {
      if (from.form === 'blocks') throw blocksStay(from.span.start);
      return removeMember(text, bracketed(from), index, lists);
    }
    if (from.form === 'brackets') return removeMember(text, bracketed(from), index, objects);
    const entry = from.entries[index];
    const { value } = entry ?? {};
    if (entry === undefined || value === undefined || isBlock(value))
      throw blocksStay(entry?.span.start ?? from.span.start);
    return removeAttribute(text, from, entry.span);
  },
};

const objects: BracketRules = { padding: ' ', gap: ', ', lineBreaksSeparate: true, skip: skipTrivia };
const lists: BracketRules = { padding: '', gap: ', ', lineBreaksSeparate: false, skip: skipTrivia };

function isBlock(value: SaidMap['entries'][number]['value']): boolean {
  if (value.kind === 'map') return value.form !== 'brackets';
  return value.kind === 'list' && value.form === 'blocks';
}

function blocksStay(at: number): CannotEdit {
  return new CannotEdit('cannot-say', 'blocks are neither made nor taken away, and no value takes the place of one', {
    at,
    ways: ['edit what stands in the block'],
  });
}

function styleAt(text: string, at: number, lines: boolean): HclStyle {
  return { unit: unitOf(text), lineBreak: breakAt(text, at), lines };
}

/** Whether what starts here is the value of a line of its own, or in one. */
function ownsLine(text: string, at: number): boolean {
  const before = text.slice(lineStart(text, at), at);
  return /^\s*(?:"[^"\n]*"|[\w-]+)?\s*[=:]?\s*(?:[\w]+\(\s*(?:[^()"]*,\s*)?)?$/.test(before);
}

function hasLines(text: string, { span }: SaidList): boolean {
  return text.slice(span.start, span.end).includes('\n');
}

function signOf(text: string, { entries }: SaidMap): string | undefined {
  const last = entries.at(-1);
  if (last === undefined) return undefined;
  const written = text.slice(last.keySpan.end, last.value.span.start);
  const sign = /^(\s*)([=:])(\s*)/.exec(written);
  // Spaces before `=` make a column: it is settled afterwards.
  return sign === null ? undefined : sign[2] === '=' ? ' = ' : `${sign[1]}:${sign[3]}`;
}

function bracketed(node: SaidMap | SaidList): Bracketed {
  return {
    span: node.span,
    members:
      node.kind === 'map' ? node.entries.map(({ span }) => span) : (node.around ?? node.items.map(({ span }) => span)),
  };
}
