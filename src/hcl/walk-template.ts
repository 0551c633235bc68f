import { joinTexts, type RawText, stripIndentation, unescapeHeredoc, unescapeQuoted } from './strings.ts';
import type { Expression, TemplatePart } from './tree.ts';
import type { Walk } from './walk.ts';

type ReadExpression = (walk: Walk) => Expression;

/** A template in the order written, flat, so that strip markers and indentation can look at their neighbours. */
type Token = RawText | Sequence;

interface Sequence {
  readonly kind: 'interpolation' | 'if' | 'else' | 'endif' | 'for' | 'endfor';
  readonly names: readonly string[];
  readonly value: Expression | undefined;
  readonly stripBefore: boolean;
  readonly stripAfter: boolean;
}

const sequences: Readonly<Record<string, Sequence['kind']>> = {
  template_interpolation: 'interpolation',
  template_for_start: 'for',
  template_for_end: 'endfor',
  template_if_intro: 'if',
  template_else_intro: 'else',
  template_if_end: 'endif',
};

/** How the text between two sequences is read. */
interface Mode {
  readonly unescape: (raw: string) => string;
  /** A heredoc's literals are its lines, which bounds what a strip marker takes. */
  readonly byLine: boolean;
  readonly read: ReadExpression;
}

/** On a `template_expr` node. `read` is handed in because expressions hold templates and templates expressions. */
export function deferTemplate(walk: Walk, read: ReadExpression): Expression {
  const at = walk.at();
  let parts: TemplatePart[] = [];
  walk.children((kind) => {
    if (kind === 'quoted_template') parts = quoted(walk, read);
    else if (kind === 'heredoc_template') parts = heredoc(walk, read);
  });
  return templateOf(parts, at);
}

function templateOf(parts: readonly TemplatePart[], at: Expression['at']): Expression {
  const [only] = parts;
  if (only === undefined) return { kind: 'literal', value: '', at };
  if (parts.length === 1 && only.kind === 'text') return { kind: 'literal', value: only.text, at };
  return { kind: 'template', parts, at };
}

function quoted(walk: Walk, read: ReadExpression): TemplatePart[] {
  const tokens: Token[] = [];
  const { startIndex, endIndex } = walk.cursor;
  readTokens(walk, { unescape: unescapeQuoted, byLine: false, read }, startIndex + 1, endIndex - 1, tokens);
  return finish(tokens);
}

function heredoc(walk: Walk, read: ReadExpression): TemplatePart[] {
  const tokens: Token[] = [];
  const { text } = walk.source;
  const { startIndex, endIndex } = walk.cursor;
  const flush = text.startsWith('<<-', startIndex);
  const from = text.indexOf('\n', startIndex) + 1;
  const to = Math.max(from, text.lastIndexOf('\n', endIndex - 1) + 1);
  readTokens(walk, { unescape: unescapeHeredoc, byLine: true, read }, from, to, tokens);
  strip(tokens);
  if (flush) stripIndentation(tokens.map((token) => (token.kind === 'text' ? token : undefined)));
  return build(tokens);
}

/** The text of a template file or a JSON string, which the caller wrapped in a heredoc with one line break too many. */
export function readBareTemplate(walk: Walk, read: ReadExpression): Expression {
  const at = walk.at();
  let parts: TemplatePart[] = [];
  walk.children((kind) => {
    if (kind !== 'heredoc_template') return;
    const tokens: Token[] = [];
    const { text } = walk.source;
    const from = text.indexOf('\n', walk.cursor.startIndex) + 1;
    const to = Math.max(from, text.lastIndexOf('\n', walk.cursor.endIndex - 1));
    readTokens(walk, { unescape: unescapeHeredoc, byLine: false, read }, from, to, tokens);
    parts = finish(tokens);
  });
  return templateOf(parts, at);
}

function finish(tokens: readonly Token[]): TemplatePart[] {
  strip(tokens);
  return build(tokens);
}

/**
 * The children of a template node as tokens. Literal text is what lies between two sequences, because the grammar leaves
 * white space at their edges out of its literals.
 */
function readTokens(walk: Walk, mode: Mode, from: number, to: number, into: Token[]): void {
  let reached = from;
  const text = (until: number) => {
    if (until > reached) pushText(walk.source.text.slice(reached, until), mode, into);
  };
  const sequence = (node: () => void) => {
    text(walk.cursor.startIndex);
    node();
    reached = walk.cursor.endIndex;
  };
  const visit = (kind: string): void => {
    const found = sequences[kind];
    if (found !== undefined) sequence(() => into.push(readSequence(walk, found, mode)));
    else if (kind === 'template_directive' || kind === 'template_for' || kind === 'template_if') walk.children(visit);
    else if (kind === 'ERROR') walk.fail();
  };
  walk.children(visit);
  text(to);
}

function pushText(raw: string, mode: Mode, into: Token[]): void {
  if (!mode.byLine) into.push({ kind: 'text', text: mode.unescape(raw) });
  else for (const line of raw.match(/[^\n]*\n|[^\n]+/g) ?? []) into.push({ kind: 'text', text: mode.unescape(line) });
}

function readSequence(walk: Walk, kind: Sequence['kind'], mode: Mode): Sequence {
  const names: string[] = [];
  let value: Expression | undefined;
  const { text } = walk.source;
  const { startIndex, endIndex } = walk.cursor;
  walk.children((part) => {
    if (part === 'identifier') names.push(walk.text());
    else if (part === 'expression') value = mode.read(walk);
    else if (part === 'ERROR') walk.fail();
  });
  const stripBefore = text[startIndex + 2] === '~';
  const stripAfter = text[endIndex - 2] === '~';
  return { kind, names, value, stripBefore, stripAfter };
}

/** `~` takes all white space from the literal beside it. */
function strip(tokens: readonly Token[]): void {
  tokens.forEach((token, index) => {
    if (token.kind !== 'text') return;
    const [before, after] = [tokens[index - 1], tokens[index + 1]];
    if (before !== undefined && before.kind !== 'text' && before.stripAfter) token.text = token.text.trimStart();
    if (after !== undefined && after.kind !== 'text' && after.stripBefore) token.text = token.text.trimEnd();
  });
}

/** Tokens to parts: `if` and `for` take what stands before their end. */
function build(tokens: readonly Token[]): TemplatePart[] {
  return partsUntil({ tokens, next: 0 }, []);
}

interface Reading {
  readonly tokens: readonly Token[];
  next: number;
}

function partsUntil(reading: Reading, ends: readonly string[]): TemplatePart[] {
  const parts: TemplatePart[] = [];
  for (let token = reading.tokens[reading.next]; token !== undefined; token = reading.tokens[reading.next]) {
    if (ends.includes(token.kind)) break;
    reading.next += 1;
    const part = token.kind === 'text' ? token : partOf(token, reading);
    if (part !== undefined) parts.push(part);
  }
  return joinTexts(parts);
}

function partOf({ kind, names, value }: Sequence, reading: Reading): TemplatePart | undefined {
  if (value === undefined) return undefined;
  if (kind === 'interpolation') return { kind, value };
  if (kind === 'if') {
    const then = partsUntil(reading, ['else', 'endif']);
    let otherwise: TemplatePart[] = [];
    if (reading.tokens[reading.next]?.kind === 'else') {
      reading.next += 1;
      otherwise = partsUntil(reading, ['endif']);
    }
    reading.next += 1;
    return { kind, condition: value, then, otherwise };
  }
  const valueName = names.at(-1);
  if (kind !== 'for' || valueName === undefined) return undefined;
  const body = partsUntil(reading, ['endfor']);
  reading.next += 1;
  return { kind, keyName: names.length > 1 ? names[0] : undefined, valueName, collection: value, body };
}
