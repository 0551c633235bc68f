import { giveUp, type Scan } from './strict-scan.ts';
import { unescapeQuoted } from './strings.ts';
import {
  heredocText,
  pushText,
  quotedText,
  type Sequence,
  type TextMode,
  type Token,
  templateFrom,
} from './template-tokens.ts';
import type { Expression } from './tree.ts';

/** Reads one expression over line breaks. Handed in because expressions hold templates and templates expressions. */
type ReadExpression = (scan: Scan) => Expression;

/** On the opening quote. */
export function readQuoted(scan: Scan, read: ReadExpression): Expression {
  const at = scan.at();
  scan.next += 1;
  const end = plainEnd(scan);
  if (end !== undefined) {
    const raw = scan.text.slice(scan.next, end);
    scan.next = end + 1;
    return { kind: 'literal', value: unescapeQuoted(raw), at };
  }
  const tokens: Token[] = [];
  let start = scan.next;
  for (let from = scan.next; ; ) {
    const code = scan.text.charCodeAt(from);
    if (Number.isNaN(code) || code === 0x0a) giveUp();
    if (code === 0x5c) from += 2;
    else if (code === 0x22) {
      if (from > start) pushText(scan.text.slice(start, from), quotedText, tokens);
      scan.next = from + 1;
      return templateFrom(tokens, at);
    } else if (isSequence(scan, from)) {
      from = sequenceAt(scan, { start, from, mode: quotedText }, read, tokens);
      start = from;
    } else from += isEscape(scan, from) ? 3 : 1;
  }
}

/** The closing quote when nothing between is more than text. */
function plainEnd({ text, next }: Scan): number | undefined {
  for (let at = next; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at;
    if (code === 0x5c) at += 1;
    else if (code === 0x0a || ((code === 0x24 || code === 0x25) && text.charCodeAt(at + 1) === 0x7b)) return undefined;
  }
  return undefined;
}

function isEscape({ text }: Scan, at: number): boolean {
  return text.startsWith('$${', at) || text.startsWith('%%{', at);
}

function isSequence(scan: Scan, at: number): boolean {
  const code = scan.text.charCodeAt(at);
  return (code === 0x24 || code === 0x25) && scan.text.charCodeAt(at + 1) === 0x7b;
}

/** On `<<`. */
export function readHeredoc(scan: Scan, read: ReadExpression): Expression {
  const at = scan.at();
  scan.take('<<');
  const flush = scan.takes('-');
  const marker = scan.identifier();
  const { text } = scan;
  const tokens: Token[] = [];
  if (marker === '' || !/^\r?\n/.test(text.slice(scan.next, scan.next + 2))) giveUp();
  let from = text.indexOf('\n', scan.next) + 1;
  let start = from;
  let lineStart = true;
  for (;;) {
    if (lineStart) {
      const end = closing(text, from, marker);
      if (end !== undefined) {
        if (from > start) pushText(text.slice(start, from), heredocText, tokens);
        scan.moveTo(end);
        return templateFrom(tokens, at, flush);
      }
      lineStart = false;
    }
    const code = text.charCodeAt(from);
    if (Number.isNaN(code)) giveUp();
    if (isEscape(scan, from)) from += 3;
    else if (isSequence(scan, from)) {
      from = sequenceAt(scan, { start, from, mode: heredocText }, read, tokens);
      start = from;
    } else {
      from += 1;
      lineStart = code === 0x0a;
    }
  }
}

/** Where the closing marker ends, when it is all that stands on the line. */
function closing(text: string, from: number, marker: string): number | undefined {
  let at = from;
  while (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09) at += 1;
  if (!text.startsWith(marker, at)) return undefined;
  const end = at + marker.length;
  const behind = text[end];
  return behind === undefined || behind === '\n' || behind === '\r' ? end : undefined;
}

/** Reads `${…}` or `%{…}`; answers the offset behind it. */
function sequenceAt(
  scan: Scan,
  { start, from, mode }: { readonly start: number; readonly from: number; readonly mode: TextMode },
  read: ReadExpression,
  tokens: Token[],
): number {
  if (from > start) pushText(scan.text.slice(start, from), mode, tokens);
  scan.moveTo(from);
  const directive = scan.text.charCodeAt(from) === 0x25;
  scan.next += 2;
  const stripBefore = scan.takes('~');
  const inner = directive ? readDirective(scan, read) : readInterpolation(scan, read);
  scan.skip(true);
  const stripAfter = scan.takes('~');
  scan.take('}');
  tokens.push({ ...inner, stripBefore, stripAfter });
  return scan.next;
}

type Inner = Pick<Sequence, 'kind' | 'names' | 'value'>;

function readInterpolation(scan: Scan, read: ReadExpression): Inner {
  return { kind: 'interpolation', names: [], value: read(scan) };
}

function readDirective(scan: Scan, read: ReadExpression): Inner {
  scan.skip(true);
  const word = scan.identifier();
  if (word === 'else' || word === 'endif' || word === 'endfor') return { kind: word, names: [], value: undefined };
  if (word === 'if') return { kind: 'if', names: [], value: read(scan) };
  if (word !== 'for') giveUp();
  const names = readForNames(scan);
  return { kind: 'for', names, value: read(scan) };
}

/** `k, v in`, also of a `for` expression. */
export function readForNames(scan: Scan): string[] {
  const names: string[] = [];
  do {
    scan.skip(true);
    const name = scan.identifier();
    if (name === '' || names.length > 1) giveUp();
    names.push(name);
    scan.skip(true);
  } while (scan.takes(','));
  if (scan.identifier() !== 'in') giveUp();
  return names;
}
