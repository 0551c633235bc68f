import { stringify } from 'yaml';
import { digitsOf, isLongNumber } from '../../model/exact-number.ts';
import { CannotEdit } from '../dialect.ts';
import { Code, type Plain } from '../plain.ts';

/** What readers of YAML 1.1 would take for something else than a text is quoted as well. */
const options = { lineWidth: 0, compat: 'yaml-1.1', doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER } as const;

export type Quotes = 'plain' | 'single' | 'double';

/** One value on one line; in brackets what would end there is quoted. */
export function writeScalar(value: Plain, quotes: Quotes, flow: boolean): string {
  if (typeof value !== 'string') return String(value);
  if (quotes === 'single' && !/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\ud800]/.test(value))
    return `'${value.replaceAll("'", "''")}'`;
  if (isLongNumber(value)) return digitsOf(value);
  if (quotes === 'double' || /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value)) return JSON.stringify(value);
  if (!flow) return stringify(value, options).trimEnd();
  const [, inner = ''] = /^\[ ?(.*?) ?\]\n$/s.exec(stringify([value], { ...options, collectionStyle: 'flow' })) ?? [];
  return inner.includes('\n') || inner === '' ? JSON.stringify(value) : inner;
}

export function writeKey(key: string, quotes: Quotes, flow: boolean): string {
  const written = writeScalar(key, quotes, flow);
  return written.includes('\n') ? JSON.stringify(key) : written;
}

/** A value in brackets. @param padding inside the braces of maps */
export function writeFlow(value: Plain, quotes: Quotes, padding = ' '): string {
  if (value === null || typeof value !== 'object') return writeScalar(value, quotes, true);
  if (value instanceof Code) return value.code;
  if (!(value instanceof Map))
    return `[${(value as readonly Plain[]).map((item) => writeFlow(item, quotes, padding)).join(', ')}]`;
  if (value.size === 0) return '{}';
  const members = [...value].map(
    ([key, member]) => `${writeKey(key, 'plain', true)}: ${writeFlow(member, quotes, padding)}`,
  );
  return `{${padding}${members.join(', ')}${padding}}`;
}

export interface YamlStyle {
  readonly unit: string;
  readonly lineBreak: string;
  readonly quotes: Quotes;
  /** Lists stand deeper than their key. */
  readonly deepLists: boolean;
}

/** What stands behind `key:` or `-`, the space or line break before it included. */
export function writeBehind(value: Plain, style: YamlStyle, column: number, dash: boolean): string {
  const lines = blockLines(value, style, column, dash);
  if (typeof lines === 'string') return ` ${lines}`;
  // Behind a dash the first line goes on where the dash stands.
  if (dash) return ` ${lines.map((line, at) => (at === 0 ? line.trimStart() : line)).join(style.lineBreak)}`;
  return style.lineBreak + lines.join(style.lineBreak);
}

/** A text for one line, or lines with their indentation. */
function blockLines(value: Plain, style: YamlStyle, column: number, dash: boolean): string | readonly string[] {
  if (value instanceof Code) throw new CannotEdit('cannot-say', 'this cannot be written here');
  if (value === null || typeof value !== 'object') return writeScalar(value, style.quotes, false);
  if (value instanceof Map)
    return value.size === 0 ? '{}' : mapLines(value, style, dash ? column + 2 : column + style.unit.length);
  const items = value as readonly Plain[];
  const deeper = dash ? 2 : style.deepLists || column < 0 ? style.unit.length : 0;
  return items.length === 0 ? '[]' : listLines(items, style, column + deeper);
}

export function mapLines(members: ReadonlyMap<string, Plain>, style: YamlStyle, column: number): readonly string[] {
  const indent = ' '.repeat(column);
  return [...members].flatMap(([key, member]) =>
    `${indent}${writeKey(key, 'plain', false)}:${writeBehind(member, style, column, false)}`.split(style.lineBreak),
  );
}

export function listLines(items: readonly Plain[], style: YamlStyle, column: number): readonly string[] {
  const indent = ' '.repeat(column);
  return items.flatMap((item) => `${indent}-${writeBehind(item, style, column, true)}`.split(style.lineBreak));
}

/** A text of several lines as a block like the one it takes the place of; undefined where it cannot be one. */
export function writeBlock(old: string, text: string, column: number): string | undefined {
  const head = /^([|>])([+-]?)(\d?)([+-]?)([ \t]*(?:#[^\n]*)?)(\r?\n)/.exec(old);
  const [start = '', letter = '', , digit = '', , comment = '', lineBreak = '\n'] = head ?? [];
  if (head === null || digit !== '' || text.trim() === '' || /^[ \t\n]|[\u0000-\u0008\u000b-\u001f]/.test(text))
    return undefined;
  // A folded text would come back with other line breaks.
  if (letter === '>') return undefined;
  const indent = /^[ \t]*(?=\S)/m.exec(old.slice(start.length))?.[0] ?? ' '.repeat(column + 2);
  const chomp = text.endsWith('\n\n') ? '+' : text.endsWith('\n') ? '' : '-';
  const lines = text.replace(/\n$/, '').split('\n');
  const ended = old.endsWith('\n') ? lineBreak : '';
  return `|${chomp}${comment}${lineBreak}${lines.map((line) => (line === '' ? '' : indent + line)).join(lineBreak)}${ended}`;
}
