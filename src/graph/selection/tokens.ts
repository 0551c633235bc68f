/** The words of a selection, cut where Terragrunt cuts them. Columns count code units from 0. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
}

export type TokenKind =
  | '!'
  | '|'
  | '='
  | '^'
  | '...'
  | 'path'
  | 'word'
  /** `{…}`, `[…]` and `(…)` with what stands inside; `open` when nothing closes it. */
  | 'braces'
  | 'brackets'
  | 'parentheses'
  | 'open'
  | 'stray'
  | 'end';

const special = /[!|={}[\]()^]/;
const closing: Readonly<Record<string, readonly [close: string, kind: TokenKind]>> = {
  '{': ['}', 'braces'],
  '[': [']', 'brackets'],
  '(': [')', 'parentheses'],
};

/**
 * Cuts a selection into tokens; the last is `end`. Blanks separate nothing: they are part of a name (`my app`) and trimmed
 * at its ends. A word with a `/` is a path, as is one that begins with `./`, `../` or `/`, and a lone `.`. What follows `=`
 * is one value up to the next operator; it may hold `=` itself, so that `source=…?ref=v1` can be written. `git::…` is one
 * word for the same reason.
 */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (/\s/.test(character)) {
      at++;
      continue;
    }
    const token = tokenAt(text, at, tokens.at(-1)?.kind === '=');
    tokens.push(token);
    at += lengthOf(text, token);
  }
  tokens.push({ kind: 'end', text: '', at: text.length });
  return tokens;
}

function tokenAt(text: string, at: number, afterEqual: boolean): Token {
  const character = text[at] ?? '';
  const bracket = closing[character];
  if (bracket !== undefined) {
    const [close, kind] = bracket;
    const end = text.indexOf(close, at);
    return end < 0 ? { kind: 'open', text: text.slice(at), at } : { kind, text: text.slice(at + 1, end).trim(), at };
  }
  if (text.startsWith('...', at)) return { kind: '...', text: '...', at };
  if (character === '!' || character === '|' || character === '=' || character === '^') {
    return { kind: character, text: character, at };
  }
  if (special.test(character)) return { kind: 'stray', text: character, at };
  return wordAt(text, at, afterEqual);
}

function wordAt(text: string, at: number, afterEqual: boolean): Token {
  const keepsEquals = afterEqual || text.startsWith('git::', at);
  let end = at;
  for (; end < text.length && !text.startsWith('...', end); end++) {
    const character = text[end] ?? '';
    if (special.test(character) && !(character === '=' && keepsEquals)) break;
  }
  const word = text.slice(at, end).trim();
  const path = !afterEqual && (word === '.' || word === '..' || word.includes('/'));
  return { kind: path ? 'path' : 'word', text: word, at };
}

/** How much of the selection a token takes up; a word's blanks at the end are skipped by themselves. */
function lengthOf(text: string, token: Token): number {
  if (token.kind === 'braces' || token.kind === 'brackets' || token.kind === 'parentheses') {
    const close = { braces: '}', brackets: ']', parentheses: ')' }[token.kind];
    return text.indexOf(close, token.at) + 1 - token.at;
  }
  return Math.max(1, token.text.length);
}
