import { joinTexts, type RawText, stripIndentation, unescapeHeredoc, unescapeQuoted } from './strings.ts';
import type { At, Expression, TemplatePart } from './tree.ts';

/** A template in the order written, flat, so that strip markers and indentation can look at their neighbours. */
export type Token = RawText | Sequence;

export interface Sequence {
  readonly kind: 'interpolation' | 'if' | 'else' | 'endif' | 'for' | 'endfor';
  readonly names: readonly string[];
  readonly value: Expression | undefined;
  readonly stripBefore: boolean;
  readonly stripAfter: boolean;
}

/** How the text between two sequences is read. */
export interface TextMode {
  readonly unescape: (raw: string) => string;
  /** A heredoc's literals are its lines, which bounds what a strip marker takes. */
  readonly byLine: boolean;
}

export const quotedText: TextMode = { unescape: unescapeQuoted, byLine: false };
export const heredocText: TextMode = { unescape: unescapeHeredoc, byLine: true };
/** A template file, or a string of the JSON syntax. */
export const bareText: TextMode = { unescape: unescapeHeredoc, byLine: false };

export function pushText(raw: string, { unescape: literal, byLine }: TextMode, into: Token[]): void {
  if (!byLine) into.push({ kind: 'text', text: literal(raw) });
  else for (const line of raw.match(/[^\n]*\n|[^\n]+/g) ?? []) into.push({ kind: 'text', text: literal(line) });
}

/** @param flush `<<-`: the common indentation is taken away. */
export function templateFrom(tokens: readonly Token[], at: At, flush = false): Expression {
  strip(tokens);
  if (flush) stripIndentation(tokens.map((token) => (token.kind === 'text' ? token : undefined)));
  const parts = build(tokens);
  const [only] = parts;
  if (only === undefined) return { kind: 'literal', value: '', at };
  if (parts.length === 1 && only.kind === 'text') return { kind: 'literal', value: only.text, at };
  return { kind: 'template', parts, at };
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
