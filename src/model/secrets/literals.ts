import { isPlaceholder } from './placeholders.ts';

/** A part of a text, by code units: from the first, to behind the last. */
export type Range = readonly [from: number, to: number];

/** What of a value is secret, and where the value ends. */
export interface ValueParts {
  readonly parts: readonly Range[];
  readonly end: number;
}

/** Functions whose words are names of what is elsewhere: files, variables of the environment, attributes. */
const naming =
  /(?:^|::)(?:file\w*|templatefile|fileset|env|path_relative\w*|find_in_parent_folders|read_terragrunt_config|read_tfvars_file|sops_decrypt_file|get_path\w*|dirname|basename|abspath|contains|length|startswith|endswith)$/;

/** References of HCL: where the value comes from, and not what it is. */
const reference =
  /^!?(?:(?:var|local|data|module|each|self|count|path|terraform|dependency|include|feature|values|unit|stack|run|ephemeral|output|locals|config|parameters|params|secrets|vars|env|steps|github|inputs|needs)[.[]|[a-z]+_\w*\.[\w-]+\.)/;

const longest = 20_000;

/**
 * The parts of a value that are secrets where the name before it says that it is one: text in quotes, a word of a shell, the
 * literals of an expression. References, calls and placeholders stay.
 *
 * @param from where the value begins
 */
export function secretPartsOf(text: string, from: number): ValueParts {
  const quote = /^(\\*)(["'`])/.exec(text.slice(from, from + 12));
  if (quote !== null) return quoted(text, from, quote[0]);
  const heredoc = /^<<[-~]?\s*(\w+)[^\n]*\n/.exec(text.slice(from, from + 100));
  if (heredoc !== null) return whole(bodyOf(text, from + heredoc[0].length, heredoc[1] ?? ''));
  const rest = text.slice(from, from + 400);
  if (/^[[{(]/.test(rest)) return literals(text, from, true);
  const word = /^[^\s,;&"'`(){}[\]<>|\\]+/.exec(rest)?.[0] ?? '';
  if (word === '' && /^\$\{/.test(rest)) return none(from);
  const next = rest[word.length];
  if (reference.test(`${word}${next ?? ''}`) || (next === '(' && /^[\w:]+$/.test(word)) || /^[!-]?$/.test(word))
    return literals(text, from, false);
  if (/^\$/.test(word) || (/^-?[\d.]+$/.test(word) && word.length < 4)) return none(from);
  // A file of YAML or a shell ends the word at a blank, an address at `&`.
  const run = /^[^\s,;&"'`\\]+/.exec(text.slice(from, from + longest))?.[0] ?? '';
  const bare = run.replace(/[)\]}]+$/, '');
  return bare === '' || isPlaceholder(bare) ? none(from) : whole([from, from + bare.length]);
}

function none(from: number): ValueParts {
  return { parts: [], end: from };
}

function whole(range: Range): ValueParts {
  return { parts: [range], end: range[1] };
}

/** The text in quotes, which may stand in other text in quotes: then each quote has a backslash before it. */
function quoted(text: string, from: number, opening: string): ValueParts {
  const start = from + opening.length;
  const end = closing(text, start, opening);
  const value = text.slice(start, end);
  return isPlaceholder(value) ? none(end) : whole([start, end]);
}

/** Where a text that was opened so ends; at the end of the line where it never does. */
function closing(text: string, start: number, opening: string): number {
  const quote = opening.at(-1) ?? '"';
  const slashes = opening.length - 1;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] !== quote) continue;
    let before = 0;
    while (text[at - 1 - before] === '\\' && at - 1 - before >= start) before += 1;
    if (before === slashes || (slashes === 0 && before % 2 === 0)) return at - slashes;
  }
  const line = text.indexOf('\n', start);
  return line < 0 ? text.length : line;
}

function bodyOf(text: string, start: number, marker: string): Range {
  const end = new RegExp(`^[ \\t]*${marker}[ \\t]*$`, 'm').exec(text.slice(start, start + longest));
  return [start, end === null ? Math.min(text.length, start + longest) : start + end.index];
}

/** Brackets that an expression is in: what opened them, the function that was called, and how many commas were passed. */
interface Open {
  readonly bracket: string;
  readonly called: string;
  commas: number;
}

/**
 * All text in quotes up to the end of an expression.
 *
 * @param nested the expression is in brackets, and ends with them
 */
function literals(text: string, from: number, nested: boolean): ValueParts {
  const parts: Range[] = [];
  const open: Open[] = [];
  let word = '';
  // What stood last, blanks aside: a key stands behind an opening brace, a comma or a line end, a branch behind `?`.
  let before = '';
  let at = from;
  for (; at < text.length && at - from < longest; at += 1) {
    const character = text[at] ?? '';
    const within = open.at(-1);
    if (/["'`]/.test(character)) {
      const opening = openingAt(text, at);
      const end = closing(text, at + 1, opening);
      const isKey = within?.bracket === '{' && /[{,\n]/.test(before);
      if (!isKey && !namesOnly(within) && !isPlaceholder(text.slice(at + 1, end))) parts.push([at + 1, end]);
      at = end + opening.length - 1;
      word = '';
    } else if (/[([{]/.test(character)) {
      open.push({
        bracket: character === '[' && /[\w)\]]/.test(before) ? 'index' : character,
        called: word,
        commas: 0,
      });
      word = '';
    } else if (/[)\]}]/.test(character)) {
      if (open.pop() === undefined || (nested && open.length === 0)) break;
    } else if (within === undefined && /[\n,;]/.test(character)) break;
    else if (/[\w:]/.test(character)) word += character;
    else if (!/\s/.test(character)) word = '';
    if (character === ',' && within !== undefined) within.commas += 1;
    if (character === '\n' || !/\s/.test(character)) before = character;
  }
  return { parts, end: at };
}

/** Whether a text in these brackets is a name: of a file, a variable, a key. */
function namesOnly(within: Open | undefined): boolean {
  if (within === undefined || within.bracket === '[' || within.bracket === '{') return false;
  if (within.bracket === 'index') return true;
  if (/^(?:get_env|getenv)$/.test(within.called)) return within.commas === 0;
  if (within.called === 'lookup') return within.commas === 1;
  return naming.test(within.called);
}

function openingAt(text: string, at: number): string {
  let slashes = 0;
  while (text[at - 1 - slashes] === '\\') slashes += 1;
  return text.slice(at - slashes, at + 1);
}
