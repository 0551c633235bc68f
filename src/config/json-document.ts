import { parseExactJson } from '../model/exact-number.ts';
import { stepsOf, valueAt } from '../model/pointer.ts';
import {
  type ConfigDocument,
  type DocumentProblem,
  documentLimits,
  lineAt,
  notUtf8,
  tooLarge,
  unreadable,
} from './document.ts';
import { BrokenJson, offsetOf, pointerStep, scanValue, skipSpace } from './json-scan.ts';

/**
 * Reads JSON. Values come from `JSON.parse`; one quick pass beside it counts keys and levels, and only a text in which they
 * do not add up (a key twice) or that does not parse is scanned properly.
 */
export function readJson(source: string): ConfigDocument {
  const large = tooLarge(source);
  if (large !== undefined) return unreadable(large);
  const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  const { colons, depth } = survey(text);
  if (depth > documentLimits.depth) {
    const message = `the file is nested deeper than ${documentLimits.depth} levels and was not read`;
    return unreadable({ code: 'file-too-large', line: 1, key: 'depth', message });
  }
  let value: unknown;
  try {
    value = parseExactJson(text);
  } catch {
    return unreadable(brokenAt(text));
  }
  const problems: DocumentProblem[] = countKeys(value) === colons ? [] : duplicateKeys(text);
  const lines = new KeyLines(text, value, problems.length > 0);
  const encoding = notUtf8(text);
  if (encoding !== undefined) problems.push(encoding);
  return { value, problems, lineOf: (pointer) => lines.of(pointer) };
}

/** So often a line is looked for in the text; who asks more often asks of every key. */
const mostLooks = 16;

class KeyLines {
  readonly #text: string;
  readonly #value: unknown;
  /** With a key twice it is not the first way to a pointer that counts. */
  readonly #twice: boolean;
  #looks = 0;
  #known: ReadonlyMap<string, number> | undefined;

  constructor(text: string, value: unknown, twice: boolean) {
    this.#text = text;
    this.#value = value;
    this.#twice = twice;
  }

  of(pointer: string): number {
    if (pointer === '') return 1;
    this.#looks += 1;
    if (this.#looks > mostLooks && !this.#twice) {
      this.#known ??= linesOfKeys(this.#text);
      // Of what is not there that of its nearest parent; items of lists are looked for in the text.
      const line = this.#known.get(pointer) ?? this.#lineAbove(this.#known, pointer);
      if (line !== undefined) return line;
    }
    return lineAt(this.#text, offsetOfPointer(this.#text, this.#value, pointer));
  }

  #lineAbove(known: ReadonlyMap<string, number>, pointer: string): number | undefined {
    const above = pointer.slice(0, pointer.lastIndexOf('/'));
    if (Array.isArray(valueAt(this.#value, above))) return undefined;
    if (above === '') return lineAt(this.#text, skipSpace(this.#text, 0));
    return known.get(above) ?? this.#lineAbove(known, above);
  }
}

/** All of them in one pass: a large file has thousands, and each look goes through it. */
function linesOfKeys(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  let [line, end] = [1, text.indexOf('\n')];
  scanValue(text, 0, (pointer, key, offset) => {
    for (; end >= 0 && end < offset; end = text.indexOf('\n', end + 1)) line += 1;
    lines.set(pointer + pointerStep(key), line);
  });
  return lines;
}

function offsetOfPointer(text: string, value: unknown, pointer: string): number {
  const steps = stepsOf(pointer);
  const [key = ''] = steps;
  return (steps.length === 1 ? onlyKey(text, value, key) : undefined) ?? offsetOf(text, steps);
}

/**
 * The offset of a key at the top, where the text shows it without being scanned: nothing in it is escaped, and the key stands
 * before a colon only once. Undefined where that does not tell.
 */
function onlyKey(text: string, value: unknown, key: string): number | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || !Object.hasOwn(value, key))
    return undefined;
  if (text.includes('\\')) return undefined;
  const written = `"${key}"`;
  let found: number | undefined;
  for (let at = text.indexOf(written); at >= 0; at = text.indexOf(written, at + written.length)) {
    if (text[skipSpace(text, at + written.length)] !== ':') continue;
    if (found !== undefined) return undefined;
    found = at;
  }
  return found;
}

/** Colons outside strings (one a key, in valid JSON) and the deepest level. */
function survey(text: string): { colons: number; depth: number } {
  let colons = 0;
  let level = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34) at = endOfString(text, at);
    else if (code === 58) colons += 1;
    else if (code === 123 || code === 91) {
      level += 1;
      if (level > depth) depth = level;
    } else if (code === 125 || code === 93) level -= 1;
  }
  return { colons, depth };
}

/** The offset of the closing quote, or the end of a text that never closes it. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 92) at += 1;
    else if (code === 34) return at;
  }
  return text.length;
}

function countKeys(value: unknown): number {
  if (value === null || typeof value !== 'object') return 0;
  let count = 0;
  if (Array.isArray(value)) for (const item of value) count += countKeys(item);
  else for (const member of Object.values(value)) count += 1 + countKeys(member);
  return count;
}

function duplicateKeys(text: string): DocumentProblem[] {
  const seen = new Set<string>();
  const problems: DocumentProblem[] = [];
  scanValue(text, 0, (pointer, key, offset) => {
    const name = `${pointer}\n${key}`;
    if (seen.has(name)) {
      const line = lineAt(text, offset);
      const message = `the key ${JSON.stringify(key)} stands twice; this one, on line ${line}, wins`;
      problems.push({ code: 'json-duplicate-key', line, key: `${pointer}/${key}`, message });
    }
    seen.add(name);
  });
  return problems;
}

function brokenAt(text: string): DocumentProblem {
  const line = lineAt(text, brokenOffset(text));
  const message =
    text.trim() === '' ? 'the file is empty' : `the file is not valid JSON from line ${line} on and was read as empty`;
  return { code: 'json-unreadable', line, key: 'syntax', message };
}

function brokenOffset(text: string): number {
  try {
    return skipSpace(text, scanValue(text, 0));
  } catch (error) {
    if (error instanceof BrokenJson) return error.offset;
    throw error;
  }
}
