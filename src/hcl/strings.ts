import type { TemplatePart } from './tree.ts';

const quotedEscape = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|\$\$\{|%%\{/gs;
const simple: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/** What the text between two quotes means: escapes resolved, `$${` and `%%{` made literal. */
export function unescapeQuoted(raw: string): string {
  if (!raw.includes('\\') && !raw.includes('$${') && !raw.includes('%%{')) return raw;
  return raw.replace(quotedEscape, (all, short?: string, long?: string, letter?: string) => {
    const code = short ?? long;
    if (code !== undefined) return codePoint(Number.parseInt(code, 16));
    if (letter !== undefined) return simple[letter] ?? all;
    return all.slice(1);
  });
}

function codePoint(code: number): string {
  return code > 0x10ffff ? '�' : String.fromCodePoint(code);
}

/** A heredoc knows no backslashes; only `$${` and `%%{` are escapes. */
export function unescapeHeredoc(raw: string): string {
  return raw.replaceAll('$${', '${').replaceAll('%%{', '%{');
}

/** A literal of a template while it is being read: strip markers and indentation still change its text. */
export interface RawText {
  readonly kind: 'text';
  text: string;
}

/**
 * `<<-`: takes the smallest indentation of all lines from each of them (as hclsyntax's `flushHeredocTemplateParts`). A line
 * that starts with an interpolation or directive has none; an empty line does not count.
 *
 * @param tokens the heredoc in the order written, a line a literal; undefined for what is no literal.
 */
export function stripIndentation(tokens: readonly (RawText | undefined)[]): void {
  let least = Number.POSITIVE_INFINITY;
  let newLine = true;
  const adjust: RawText[] = [];
  for (const token of tokens) {
    if (newLine && !(token !== undefined && token.text.trim() === '' && token.text.endsWith('\n'))) {
      least = Math.min(least, token === undefined ? 0 : token.text.length - token.text.trimStart().length);
      if (token !== undefined) adjust.push(token);
    }
    newLine = token?.text.endsWith('\n') ?? false;
  }
  for (const literal of adjust) literal.text = literal.text.slice(least);
}

/** Joins neighbouring texts and drops empty ones. */
export function joinTexts(parts: readonly TemplatePart[]): TemplatePart[] {
  const out: TemplatePart[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (part.kind !== 'text') out.push(part);
    else if (part.text === '') continue;
    else if (last?.kind === 'text') out[out.length - 1] = { kind: 'text', text: last.text + part.text };
    else out.push({ kind: 'text', text: part.text });
  }
  return out;
}
