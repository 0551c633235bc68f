import type { Bound, Expression } from './expression.ts';
import { selectionFault } from './fault.ts';
import { type Token, type TokenKind, tokensOf } from './tokens.ts';

/**
 * Reads a selection: recursive descent over Terragrunt's grammar.
 *
 *     chain    = operand { "|" operand }                      left to right, each refines the one before
 *     operand  = [ bound "..." ] [ "^" ] primary [ "..." bound ]
 *     primary  = "!" operand | path | "{" path "}" | "[" range "]" | key "=" value | name
 *     bound    = [ number | "(" folder ")" ]
 *
 * A purely numeric word in front of `...` is a depth: `1...1` is the component `1` and its direct dependents.
 *
 * @throws KARMA_SELECTION with the column and what would be right
 */
export function parseSelection(text: string): Expression {
  const reader = new TokenReader(text);
  const expression = chain(reader);
  const rest = reader.peek();
  if (rest.kind !== 'end') throw reader.fault(`unexpected '${rest.text}'`, hintFor(reader, rest));
  return expression;
}

/** Tokens, one after another. */
class TokenReader {
  readonly text: string;
  readonly #tokens: readonly Token[];
  #place = 0;

  constructor(text: string) {
    this.text = text;
    this.#tokens = tokensOf(text);
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#place + ahead] ?? { kind: 'end', text: '', at: this.text.length };
  }

  next(): Token {
    const token = this.peek();
    this.#place++;
    return token;
  }

  /** Takes the token if it is of that kind. */
  take(kind: TokenKind): Token | undefined {
    return this.peek().kind === kind ? this.next() : undefined;
  }

  fault(what: string, hint?: string, at = this.peek().at): Error {
    return selectionFault(this.text, at, what, hint);
  }
}

function chain(reader: TokenReader): Expression {
  let expression = operand(reader);
  while (reader.take('|') !== undefined) {
    if (reader.peek().kind === 'end') throw reader.fault("nothing on the right of '|'", 'Write `a | b`.');
    expression = { is: 'and', left: expression, right: operand(reader) };
  }
  return expression;
}

function operand(reader: TokenReader): Expression {
  const dependents = dependentsBound(reader);
  const withoutTarget = reader.take('^') !== undefined;
  const target = primary(reader);
  const dependencies = reader.take('...') === undefined ? undefined : boundAfter(reader);
  if (dependents === undefined && dependencies === undefined && !withoutTarget) return target;
  return { is: 'graph', target, dependents, dependencies, withoutTarget };
}

function dependentsBound(reader: TokenReader): Bound | undefined {
  if (reader.take('...') !== undefined) return unlimited;
  const folder = reader.take('parentheses');
  if (folder !== undefined) {
    if (reader.take('...') === undefined) throw reader.fault("a folder '(…)' must be followed by '...'");
    return within(reader, folder);
  }
  if (isNumber(reader.peek()) && reader.peek(1).kind === '...') {
    const depth = depthOf(reader.next());
    reader.next();
    return depth;
  }
  return undefined;
}

function boundAfter(reader: TokenReader): Bound {
  const folder = reader.take('parentheses');
  if (folder !== undefined) return within(reader, folder);
  return isNumber(reader.peek()) ? depthOf(reader.next()) : unlimited;
}

const unlimited: Bound = { depth: undefined, within: undefined };

function within(reader: TokenReader, folder: Token): Bound {
  if (folder.text === '') throw reader.fault("a folder '()' cannot be empty", undefined, folder.at);
  return { depth: undefined, within: folder.text };
}

function isNumber(token: Token): boolean {
  return (token.kind === 'word' || token.kind === 'path') && /^\d+$/.test(token.text);
}

/** Zero and numbers too large to count mean: without limit, as in Terragrunt. */
function depthOf(token: Token): Bound {
  const depth = Number(token.text);
  return { depth: depth > 0 && Number.isSafeInteger(depth) ? depth : undefined, within: undefined };
}

function primary(reader: TokenReader): Expression {
  const token = reader.next();
  switch (token.kind) {
    case '!':
      return negated(reader);
    case 'path':
      return { is: 'path', text: token.text, at: token.at, braced: false };
    case 'braces':
      if (token.text === '') throw reader.fault('an empty path', 'Write `{path}`.', token.at);
      return { is: 'path', text: token.text, at: token.at, braced: true };
    case 'brackets':
      return gitRange(reader, token);
    case 'word':
      return reader.peek().kind === '='
        ? attribute(reader, token)
        : { is: 'attribute', key: 'name', value: token.text, at: token.at, bare: true };
    case 'end':
      throw reader.fault('the selection ends too early', hintFor(reader, token), token.at);
    case 'open':
      throw reader.fault(`nothing closes '${token.text[0] ?? ''}'`, hintFor(reader, token), token.at);
    default:
      throw reader.fault(`unexpected '${token.text}'`, hintFor(reader, token), token.at);
  }
}

/** Two negations cancel each other. */
function negated(reader: TokenReader): Expression {
  let odd = true;
  while (reader.take('!') !== undefined) odd = !odd;
  if (reader.peek().kind === 'end') throw reader.fault("nothing behind '!'", 'Write `!name` or `!./path/**`.');
  const of = operand(reader);
  return odd ? { is: 'not', of } : of;
}

function attribute(reader: TokenReader, key: Token): Expression {
  reader.next();
  const value = reader.peek();
  if (value.kind !== 'word' && value.kind !== 'path') {
    throw reader.fault(`'${key.text}=' has no value`, `Write \`${key.text}=value\`.`, value.at);
  }
  reader.next();
  return { is: 'attribute', key: key.text, value: value.text, at: key.at, bare: false };
}

function gitRange(reader: TokenReader, token: Token): Expression {
  const [from = '', to] = token.text.split('...').map((ref) => ref.trim());
  if (from === '' || to === '') {
    throw reader.fault('a Git range lacks a revision', 'Write `[main...HEAD]`, or `[main]` up to HEAD.', token.at);
  }
  return { is: 'git', from, to: to ?? 'HEAD', at: token.at };
}

function hintFor(reader: TokenReader, token: Token): string | undefined {
  const { text } = reader;
  switch (token.kind) {
    case '^':
      return /\.\.\.\s*$/.test(text.slice(0, token.at))
        ? '`^` stands in front of the name: `...^vpc`.'
        : '`^` leaves the named component out of a traversal (`...^vpc`); a revision stands in brackets (`[HEAD^]`).';
    case '=':
      return 'Write `key=value`, for example `kind=vpc`.';
    case '...':
      return '`...` stands beside a name: `...vpc` (and what depends on it), `vpc...` (and what it depends on).';
    case 'braces':
    case 'brackets':
    case 'parentheses':
      return 'Join two selections with `|`, or give them one by one.';
    case 'open':
      return text[token.at] === '[' ? 'Write `[main...HEAD]`.' : 'Close it, or quote the path as `{path}`.';
    case 'stray':
      return 'A name that holds this character is written as a path: `{name}`.';
    case 'end':
      return text.trim() === '' ? 'Name a component, or `./**` for all below the working directory.' : undefined;
    default:
      return undefined;
  }
}
