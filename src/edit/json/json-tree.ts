import { documentLimits, tooLarge } from '../../config/document.ts';
import { BrokenJson, skipSpace } from '../../config/json-scan.ts';
import { exactNumber } from '../../model/exact-number.ts';
import { CannotEdit } from '../dialect.ts';
import type { Said, SaidEntry } from '../said.ts';

/** JSON as a tree with places. @throws CannotEdit */
export function readJsonTree(text: string): Said {
  const large = tooLarge(text);
  if (large !== undefined) throw new CannotEdit('unreadable', large.message);
  try {
    const value = readValue(text, skipSpace(text, 0), 0);
    const end = skipSpace(text, value.span.end);
    if (end < text.length) throw new BrokenJson(end);
    return value;
  } catch (error) {
    if (!(error instanceof BrokenJson)) throw error;
    throw new CannotEdit('unreadable', 'the file is not valid JSON from here on', { at: error.offset });
  }
}

const word = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

function readValue(text: string, start: number, depth: number): Said {
  if (depth > documentLimits.depth) {
    const reason = `the file is nested deeper than ${documentLimits.depth} levels`;
    throw new CannotEdit('unreadable', reason, { at: start });
  }
  switch (text[start]) {
    case '{':
      return readObject(text, start, depth);
    case '[':
      return readArray(text, start, depth);
    case '"': {
      const end = endOfString(text, start);
      return { kind: 'scalar', value: textAt(text, start, end), span: { start, end } };
    }
    default: {
      word.lastIndex = start;
      const written = word.exec(text)?.[0];
      if (written === undefined) throw new BrokenJson(start);
      const value = written === 'null' ? null : /^[tf]/.test(written) ? written === 'true' : exactNumber(written);
      return { kind: 'scalar', value, span: { start, end: start + written.length } };
    }
  }
}

/** Behind the closing quote. */
function endOfString(text: string, start: number): number {
  if (text[start] !== '"') throw new BrokenJson(start);
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at += 1;
    else if (code === 0x22) return at + 1;
  }
  throw new BrokenJson(start);
}

function textAt(text: string, start: number, end: number): string {
  try {
    return JSON.parse(text.slice(start, end)) as string;
  } catch {
    throw new BrokenJson(start);
  }
}

function readObject(text: string, start: number, depth: number): Said {
  const entries: SaidEntry[] = [];
  let at = skipSpace(text, start + 1);
  while (text[at] !== '}') {
    if (entries.length > 0) {
      if (text[at] !== ',') throw new BrokenJson(at);
      at = skipSpace(text, at + 1);
    }
    const keySpan = { start: at, end: endOfString(text, at) };
    const key = textAt(text, keySpan.start, keySpan.end);
    at = skipSpace(text, keySpan.end);
    if (text[at] !== ':') throw new BrokenJson(at);
    const value = readValue(text, skipSpace(text, at + 1), depth + 1);
    entries.push({ key, keySpan, value, span: { start: keySpan.start, end: value.span.end } });
    at = skipSpace(text, value.span.end);
  }
  return { kind: 'map', entries, form: 'brackets', span: { start, end: at + 1 } };
}

function readArray(text: string, start: number, depth: number): Said {
  const items: Said[] = [];
  let at = skipSpace(text, start + 1);
  while (text[at] !== ']') {
    if (items.length > 0) {
      if (text[at] !== ',') throw new BrokenJson(at);
      at = skipSpace(text, at + 1);
    }
    const item = readValue(text, at, depth + 1);
    items.push(item);
    at = skipSpace(text, item.span.end);
  }
  return { kind: 'list', items, form: 'brackets', span: { start, end: at + 1 } };
}
