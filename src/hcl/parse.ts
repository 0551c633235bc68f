import { grammar } from './grammar.ts';
import { type Part, recover } from './recover.ts';
import { Source } from './source.ts';
import { parseStrict } from './strict-parse.ts';
import type { At, Expression, HclFile } from './tree.ts';
import { Walk } from './walk.ts';
import { readBody } from './walk-body.ts';
import { readExpression } from './walk-expression.ts';
import { readBareTemplate } from './walk-template.ts';

export { loadGrammar, missedGrammar } from './grammar.ts';

/** Input limits; beyond them a file is an error with nothing read. What is larger takes seconds and half a gigabyte to evaluate. */
export const largestText = 2 * 1024 * 1024;
export const deepestNesting = 100;
/** What the grammar is given: on texts that are wrong all along, it takes seconds for a megabyte. Well-formed ones need no grammar. */
const largestOdd = 512 * 1024;
/** Attributes, indices and splats behind one name. */
const mostSteps = 300;

/**
 * HCL native syntax (`.tf`, `.hcl`, `.tfvars`) as Karma's own tree. A broken file gives what can still be read, with
 * `errors`. Needs `await loadGrammar()` once before.
 */
export function parseHcl(text: string): HclFile {
  const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const refused = refusedUnread(clean);
  if (refused !== undefined) return { body: readNothing, errors: [refused] };
  const plain = parseStrict(clean);
  if (plain !== undefined) return { body: plain, errors: [] };
  if (clean.length <= largestOdd) return parseWithGrammar(clean);
  const message = 'the text is larger than 512 KiB and something in it is not plainly well-formed';
  return { body: readNothing, errors: [{ at: { line: 1, column: 1 }, message }] };
}

/** The same by the grammar alone, which reads anything: what {@link parseHcl} falls back to. */
export function parseWithGrammar(text: string): HclFile {
  const file = parsePart(text, 1);
  if (file.errors.length === 0) return file;
  // What stands before the first item, or all of a text without any, is in no part: its errors are the whole file's.
  const { body, errors } = recover(text, parsePart);
  return { body, errors: errors.length > 0 ? errors : file.errors };
}

/**
 * A template without quotes around it: a template file, or a string of HCL's JSON syntax.
 *
 * @param at where it stands, for error places; the expression's own lines count from there.
 */
export function parseTemplate(text: string, at: At = { line: 1, column: 1 }): Expression {
  if (!text.includes('${') && !text.includes('%{')) return { kind: 'literal', value: text, at };
  if (text.length > largestOdd || refusedUnread(text) !== undefined)
    return { kind: 'bad', text: text.slice(0, 200), at };
  let marker = 'KARMA';
  while (text.includes(marker)) marker += '_';
  return (
    withTree(`_ = <<${marker}\n${text}\n${marker}\n`, at.line - 1, (walk) => {
      if (walk.broken) return { kind: 'bad', text: text.slice(0, 200), at };
      return down(walk, ['body', 'attribute', 'expression', 'template_expr'], () =>
        readBareTemplate(walk, readExpression),
      );
    }) ?? { kind: 'bad', text: text.slice(0, 200), at }
  );
}

/** One expression, as in `-var` values and filters. */
export function parseExpression(text: string): Expression {
  const file = parseHcl(`_ = ${text}\n`);
  const value = file.errors.length === 0 ? file.body.attributes.get('_')?.value : undefined;
  return value ?? { kind: 'bad', text: text.slice(0, 200), at: { line: 1, column: 1 } };
}

const readNothing = { attributes: new Map(), blocks: [], duplicates: [] };

function parsePart(text: string, firstLine: number): Part {
  const file = withTree(text, firstLine, (walk) => {
    const body = readBody(walk);
    if (walk.broken && walk.failures.length === 0) walk.fail();
    return { body, errors: walk.failures, loose: walk.loose };
  });
  return (
    file ?? {
      loose: true,
      body: readNothing,
      errors: [{ at: { line: firstLine, column: 1 }, message: 'the text cannot be parsed' }],
    }
  );
}

/**
 * Hands a text to the grammar piece by piece, and counts. Where it is broken the grammar may look for the end of a heredoc from each
 * place of it anew, which takes minutes for twenty kilobytes; a text that it reads once takes each piece a few times.
 */
class Reader {
  readonly #text: string;
  #left: number;

  constructor(text: string) {
    this.#text = text;
    this.#left = fewPieces + timesRead * Math.ceil(text.length / piece);
  }

  /** More was asked for than a text of this size takes: the grammar was told that it ends. */
  get isSpent(): boolean {
    return this.#left < 0;
  }

  at(index: number): string {
    this.#left -= 1;
    return this.isSpent ? '' : this.#text.slice(index, index + piece);
  }
}

const piece = 512;
const timesRead = 40;
const fewPieces = 2_000;

function withTree<T>(text: string, firstLine: number, read: (walk: Walk) => T): T | undefined {
  const { parser, kinds } = grammar();
  const reader = new Reader(text);
  const tree = parser.parse((index) => reader.at(index));
  if (tree === null || reader.isSpent) {
    tree?.delete();
    return undefined;
  }
  const cursor = tree.walk();
  try {
    return read(new Walk(cursor, new Source(text, firstLine), kinds, tree.rootNode.hasError));
  } catch (error) {
    // A chain of tens of thousands of operators is deeper than the stack; everything else is a bug.
    if (error instanceof RangeError) return undefined;
    throw error;
  } finally {
    cursor.delete();
    tree.delete();
  }
}

/** Follows the first child of each kind down, and reads there. */
function down<T>(walk: Walk, path: readonly string[], read: () => T): T | undefined {
  const [kind, ...rest] = path;
  if (kind === undefined) return read();
  let found: T | undefined;
  walk.children((child) => {
    if (child === kind && found === undefined) found = down(walk, rest, read);
  });
  return found;
}

/**
 * Size, bracket depth and steps in one name, before any reader sees the text: what is beyond them takes readers a time and a
 * memory that grow with the square. Brackets and dots in strings count too, which a real file survives.
 */
export function refusedUnread(text: string): HclFile['errors'][number] | undefined {
  if (text.length > largestText) return { at: { line: 1, column: 1 }, message: 'the text is larger than 2 MiB' };
  let depth = 0;
  let opened = 0;
  let steps = 0;
  let before = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x7b || code === 0x5b || code === 0x28) depth += 1;
    else if ((code === 0x7d || code === 0x5d || code === 0x29) && depth > 0) depth -= 1;
    if (code === 0x25 && text.charCodeAt(at + 1) === 0x7b && before !== 0x25) opened += opens(text, at);
    if (opened > deepestNesting)
      return { at: new Source(text).at(at), message: `more than ${deepestNesting} levels of directives` };
    if (depth > deepestNesting)
      return { at: new Source(text).at(at), message: `more than ${deepestNesting} levels of brackets` };
    if ((code === 0x2e || code === 0x5b) && isOfName(before)) steps += 1;
    else if (!isOfName(code) && code !== 0x2e && code !== 0x5b) steps = 0;
    if (steps > mostSteps) return { at: new Source(text).at(at), message: `more than ${mostSteps} steps in one name` };
    before = code;
  }
  return undefined;
}

/** What a directive does to the nesting: `if` and `for` open, `endif` and `endfor` close. */
function opens(text: string, at: number): number {
  directive.lastIndex = at;
  const word = directive.exec(text)?.[1];
  return word === undefined ? 0 : word.startsWith('end') ? -1 : 1;
}

const directive = /%\{~?\s{0,20}(if|for|endif|endfor)\b/y;

/** Letters, digits, `_`, `-`, and what closes or fills brackets: `]`, `*`, `"`. */
function isOfName(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) ||
    code === 0x5f ||
    code === 0x2d ||
    code === 0x5d ||
    code === 0x2a ||
    code === 0x22
  );
}
