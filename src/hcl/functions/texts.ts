import { toText } from '../convert.ts';
import type { Value } from '../value.ts';
import type { FunctionTable } from './define.ts';
import { arg, deep, list, many, text, whole } from './define.ts';

/** Made at the first text beyond ASCII: that takes longer than loading all functions. */
let graphemes: Intl.Segmenter | undefined;

/** Go counts and cuts text by grapheme where it says "characters". */
function characters(value: string): string[] {
  if (/^[\x20-\x7e]*$/.test(value)) return [...value];
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return [...graphemes.segment(value)].map((one) => one.segment);
}

function substring(value: string, offset: number, length: number): string {
  const all = characters(value);
  const start = offset < 0 ? all.length + offset : offset;
  if (start < 0) throw new Error('the offset lies before the text');
  return all.slice(start, length < 0 ? undefined : start + length).join('');
}

function trimSet(value: string, set: string, sides: 'left' | 'right' | 'both'): string {
  const cut = new Set(set);
  const all = [...value];
  let from = 0;
  let to = all.length;
  if (sides !== 'right') while (from < to && cut.has(all[from] ?? '')) from++;
  if (sides !== 'left') while (to > from && cut.has(all[to - 1] ?? '')) to--;
  return all.slice(from, to).join('');
}

function title(value: string): string {
  return value.replace(
    /(^|[^\p{L}\p{N}_])(\p{L})/gu,
    (_all, before: string, letter: string) => before + letter.toUpperCase(),
  );
}

function indent(spaces: number, value: string): string {
  return value.replaceAll('\n', `\n${' '.repeat(spaces)}`);
}

function joinAll(args: readonly Value[]): string {
  const parts: string[] = [];
  for (let i = 1; i < args.length; i++) for (const item of list(args, i)) parts.push(toText(item));
  return parts.join(text(args, 0));
}

function split(separator: string, value: string): readonly string[] {
  return value === '' && separator !== '' ? [''] : separator === '' ? [...value] : value.split(separator);
}

/** Byte order mark and the white space that Go's `TrimSpace` knows. */
function trimSpace(value: string): string {
  return value.replace(/^[\s\u0085]+|[\s\u0085]+$/g, '');
}

export const textFunctions: FunctionTable = {
  upper: deep(1, 1, (args) => text(args, 0).toUpperCase()),
  lower: deep(1, 1, (args) => text(args, 0).toLowerCase()),
  title: deep(1, 1, (args) => title(text(args, 0))),
  trimspace: deep(1, 1, (args) => trimSpace(text(args, 0))),
  trim: deep(2, 2, (args) => trimSet(text(args, 0), text(args, 1), 'both')),
  trimprefix: deep(2, 2, (args) => {
    const [value, prefix] = [text(args, 0), text(args, 1)];
    return value.startsWith(prefix) ? value.slice(prefix.length) : value;
  }),
  trimsuffix: deep(2, 2, (args) => {
    const [value, suffix] = [text(args, 0), text(args, 1)];
    return suffix !== '' && value.endsWith(suffix) ? value.slice(0, -suffix.length) : value;
  }),
  chomp: deep(1, 1, (args) => text(args, 0).replace(/(\r?\n)+$/, '')),
  indent: deep(2, 2, (args) => indent(whole(args, 0), text(args, 1))),
  join: deep(2, many, joinAll),
  split: deep(2, 2, (args) => split(text(args, 0), text(args, 1))),
  strrev: deep(1, 1, (args) => characters(text(args, 0)).reverse().join('')),
  substr: deep(3, 3, (args) => substring(text(args, 0), whole(args, 1), whole(args, 2))),
  startswith: deep(2, 2, (args) => text(args, 0).startsWith(text(args, 1))),
  endswith: deep(2, 2, (args) => text(args, 0).endsWith(text(args, 1))),
  strcontains: deep(2, 2, (args) => text(args, 0).includes(text(args, 1))),
  parseint: deep(2, 2, (args) => parseInteger(arg(args, 0), whole(args, 1))),
};

function parseInteger(value: Value, base: number): number {
  const digits = toText(value);
  const allowed = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, base);
  const body = digits.replace(/^[+-]/, '');
  const fits = base > 36 ? /^[0-9a-zA-Z]+$/.test(body) : [...body.toLowerCase()].every((one) => allowed.includes(one));
  if (body === '' || !fits || base > 36) throw new Error(`not a whole number in base ${base}`);
  return Number.parseInt(digits, base);
}
