import { digitsOf, isLongNumber } from '../../model/exact-number.ts';
import { Code, type Plain } from '../plain.ts';

export interface HclStyle {
  readonly unit: string;
  readonly lineBreak: string;
  /** Collections get lines of their own. */
  readonly lines: boolean;
}

/** Lists of single values stay on one line up to this. */
const longestLine = 100;

/** A value as `terraform fmt` would leave it. */
export function writeHcl(value: Plain, style: HclStyle, indent: string): string {
  if (typeof value === 'string') return isLongNumber(value) ? digitsOf(value) : quoteHcl(value);
  if (typeof value === 'number') return writeNumber(value);
  if (value === null || typeof value !== 'object') return String(value);
  if (value instanceof Code) return value.code;
  return value instanceof Map ? writeMap(value, style, indent) : writeList(value as readonly Plain[], style, indent);
}

/** All digits: not every reader knows `1e+21`. */
function writeNumber(value: number): string {
  const [, sign = '', whole = '', fraction = '', power = ''] =
    /^(-?)(\d+)\.?(\d*)e([+-]\d+)$/.exec(String(value)) ?? [];
  if (power === '') return String(value);
  const digits = whole + fraction;
  const point = whole.length + Number(power);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}`;
}

function writeList(items: readonly Plain[], style: HclStyle, indent: string): string {
  const inline = `[${items.map((item) => writeHcl(item, { ...style, lines: false }, indent)).join(', ')}]`;
  const isSimple = items.every((item) => item === null || typeof item !== 'object');
  if (items.length === 0 || !style.lines || (isSimple && indent.length + inline.length <= longestLine)) return inline;
  const inner = indent + style.unit;
  const lines = items.map((item) => `${inner}${writeHcl(item, style, inner)},${style.lineBreak}`);
  return `[${style.lineBreak}${lines.join('')}${indent}]`;
}

function writeMap(members: ReadonlyMap<string, Plain>, style: HclStyle, indent: string): string {
  if (members.size === 0) return '{}';
  const inner = indent + style.unit;
  const written = [...members].map(([key, member]) => ({
    key: writeKey(key),
    value: writeHcl(member, style, inner),
  }));
  if (!style.lines) return `{ ${written.map(({ key, value }) => `${key} = ${value}`).join(', ')} }`;
  // Lines that follow one another have their `=` in one column; what spans several lines stands apart.
  const widths = columnsOf(written.map(({ key, value }) => (value.includes('\n') ? undefined : key.length)));
  const lines = written.map(
    ({ key, value }, at) => `${inner}${key.padEnd(widths[at] ?? key.length)} = ${value}${style.lineBreak}`,
  );
  return `{${style.lineBreak}${lines.join('')}${indent}}`;
}

/** The widest of each row of neighbours; undefined stands between two rows. */
export function columnsOf(widths: readonly (number | undefined)[]): readonly (number | undefined)[] {
  const columns: (number | undefined)[] = [];
  for (let at = 0; at < widths.length; ) {
    let end = at;
    while (end < widths.length && widths[end] !== undefined) end += 1;
    const widest = Math.max(0, ...widths.slice(at, end).map((width) => width ?? 0));
    for (; at < end; at += 1) columns.push(widest);
    if (at < widths.length) columns.push(undefined);
    at += 1;
  }
  return columns;
}

const identifier = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Words that would begin something else where a key stands. */
const spoken: ReadonlySet<string> = new Set(['for', 'true', 'false', 'null']);

export function isBareKey(key: string): boolean {
  return identifier.test(key) && !spoken.has(key);
}

export function writeKey(key: string, quoted = false): string {
  return isBareKey(key) && !quoted ? key : quoteHcl(key);
}

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', '\\': '\\\\' };

/** A text in quotes, with nothing in it that would be evaluated. */
export function quoteHcl(text: string): string {
  const escaped = text.replace(
    /[\u0000-\u001f"\\\u007f-\u009f\u2028\u2029]/g,
    (letter) => escapes[letter] ?? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escapeTemplates(escaped)}"`;
}

/** What begins a template is written twice, so that it begins none; where it stands twice already that would be read in two ways. */
function escapeTemplates(text: string): string {
  return text.replace(/([$%])(\1*)\{/g, (_all, letter: string, before: string) => {
    const code = letter === '$' ? '\\u0024' : '\\u0025';
    return `${code.repeat(before.length)}${letter}${letter}{`;
  });
}
