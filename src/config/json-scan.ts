/**
 * A scanner over JSON text that knows where things stand. `JSON.parse` makes the values; this one is used only for what it
 * cannot tell: the line of a pointer, keys that stand twice, and where a broken text breaks. Linear in the text.
 */

/** Thrown inside this room only: the offset at which the text stops being JSON. */
export class BrokenJson extends Error {
  readonly offset: number;
  constructor(offset: number) {
    super('broken JSON');
    this.offset = offset;
  }
}

/** Called for each member key with the pointer of its object, the key and the key's offset. */
export type KeyVisitor = (pointer: string, key: string, offset: number) => void;

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

export function skipSpace(text: string, at: number): number {
  let next = at;
  for (let code = text.charCodeAt(next); code === 32 || code === 10 || code === 13 || code === 9; ) {
    next += 1;
    code = text.charCodeAt(next);
  }
  return next;
}

/** The offset behind the string that starts at `at`. */
export function skipString(text: string, at: number): number {
  string.lastIndex = at;
  if (string.test(text)) return string.lastIndex;
  throw new BrokenJson(at);
}

/** The offset behind the value at `at`. @throws BrokenJson */
export function scanValue(text: string, at: number, visit?: KeyVisitor, pointer = ''): number {
  const start = skipSpace(text, at);
  switch (text[start]) {
    case '{':
      return scanMembers(text, start, visit, pointer);
    case '[':
      return scanItems(text, start, visit, pointer);
    case '"':
      return skipString(text, start);
    default:
      return skipWord(text, start);
  }
}

/** Escapes a key for use in a pointer. */
export function pointerStep(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function skipWord(text: string, start: number): number {
  for (const word of ['true', 'false', 'null']) if (text.startsWith(word, start)) return start + word.length;
  number.lastIndex = start;
  if (number.test(text)) return number.lastIndex;
  throw new BrokenJson(start);
}

function scanMembers(text: string, start: number, visit: KeyVisitor | undefined, pointer: string): number {
  let at = skipSpace(text, start + 1);
  if (text[at] === '}') return at + 1;
  for (;;) {
    const end = skipString(text, at);
    const key: unknown = visit === undefined ? '' : JSON.parse(text.slice(at, end));
    if (visit !== undefined && typeof key === 'string') visit(pointer, key, at);
    at = skipSpace(text, end);
    if (text[at] !== ':') throw new BrokenJson(at);
    at = skipSpace(text, scanValue(text, at + 1, visit, visit === undefined ? '' : pointer + pointerStep(String(key))));
    if (text[at] === '}') return at + 1;
    if (text[at] !== ',') throw new BrokenJson(at);
    at = skipSpace(text, at + 1);
  }
}

function scanItems(text: string, start: number, visit: KeyVisitor | undefined, pointer: string): number {
  let at = skipSpace(text, start + 1);
  if (text[at] === ']') return at + 1;
  for (let index = 0; ; index += 1) {
    at = skipSpace(text, scanValue(text, at, visit, visit === undefined ? '' : `${pointer}/${index}`));
    if (text[at] === ']') return at + 1;
    if (text[at] !== ',') throw new BrokenJson(at);
    at = skipSpace(text, at + 1);
  }
}

/**
 * The offset of the key (or item) that the steps lead to; that of its nearest parent when it is not there. Of two equal keys
 * the last, as `JSON.parse` keeps that one. Expects text that parses.
 */
export function offsetOf(text: string, steps: readonly string[]): number {
  let at = skipSpace(text, 0);
  let found = at;
  for (const step of steps) {
    const next =
      text[at] === '{' ? memberOffset(text, at, step) : text[at] === '[' ? itemOffset(text, at, step) : undefined;
    if (next === undefined) return found;
    found = next.key;
    at = next.value;
  }
  return found;
}

interface Found {
  readonly key: number;
  readonly value: number;
}

function memberOffset(text: string, start: number, step: string): Found | undefined {
  let found: Found | undefined;
  let at = skipSpace(text, start + 1);
  while (text[at] === '"') {
    const end = skipString(text, at);
    const value = skipSpace(text, skipSpace(text, end) + 1);
    if (isKey(text, at, end, step)) found = { key: at, value };
    at = skipSpace(text, scanValue(text, value));
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return found;
}

/** Whether the string between two offsets spells a key; escapes are the exception. */
function isKey(text: string, start: number, end: number, key: string): boolean {
  if (end - start === key.length + 2 && text.startsWith(key, start + 1)) return true;
  const written = text.slice(start, end);
  return written.includes('\\') && JSON.parse(written) === key;
}

function itemOffset(text: string, start: number, step: string): Found | undefined {
  const wanted = Number(step);
  let at = skipSpace(text, start + 1);
  for (let index = 0; at < text.length && text[at] !== ']'; index += 1) {
    if (index === wanted) return { key: at, value: at };
    at = skipSpace(text, scanValue(text, at));
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return undefined;
}
