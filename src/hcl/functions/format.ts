import { toBool, toNumber, toText, typeName } from '../convert.ts';
import { holeOf } from '../places.ts';
import type { Value } from '../value.ts';
import { isList, isUnknown, Unknown, unknownFrom } from '../value.ts';
import type { FunctionTable } from './define.ts';
import { deep, many, raw, text } from './define.ts';
import { encodeJson } from './encoding.ts';

const verb = /%([-+# 0]*)(\d+|\*)?(?:\.(\d+|\*))?(?:\[(\d+)\])?([a-zA-Z%])/g;

/** Go-like formatting as in HCL: `%v %#v %s %q %d %b %o %x %X %e %E %f %g %G %t`, flags, width, precision, `[n]`. */
function format(pattern: string, args: readonly Value[]): string {
  let next = 0;
  let strict = true;
  const take = (position?: string): Value => {
    if (position !== undefined) {
      next = Number(position) - 1;
      strict = false;
    }
    if (next >= args.length) throw new Error('fewer arguments than verbs');
    const value = args[next] ?? null;
    next++;
    return value;
  };
  const result = pattern.replace(verb, (_all, flags: string, width, precision, position, letter: string) => {
    if (letter === '%') return '%';
    const wide = width === '*' ? toNumber(take()) : Number(width ?? 0);
    const places = precision === '*' ? toNumber(take()) : precision === undefined ? undefined : Number(precision);
    return padded(formatOne(letter, flags, places, take(position)), flags, wide);
  });
  if (strict && next < args.length) throw new Error('more arguments than verbs');
  return result;
}

function padded(written: string, flags: string, width: number): string {
  const missing = width - [...written].length;
  if (missing <= 0) return written;
  if (flags.includes('-')) return written + ' '.repeat(missing);
  if (!flags.includes('0')) return ' '.repeat(missing) + written;
  const sign = /^[+-]/.exec(written)?.[0] ?? '';
  return sign + '0'.repeat(missing) + written.slice(sign.length);
}

function formatOne(letter: string, flags: string, precision: number | undefined, value: Value): string {
  if (isUnknown(value)) return holeOf(value);
  const write = verbs[letter];
  if (write === undefined) throw new Error(`there is no verb %${letter}`);
  return write(value, flags, precision);
}

type Write = (value: Value, flags: string, precision: number | undefined) => string;

function signed(written: string, flags: string): string {
  if (written.startsWith('-')) return written;
  return flags.includes('+') ? `+${written}` : flags.includes(' ') ? ` ${written}` : written;
}

const integer =
  (base: number): Write =>
  (value, flags) => {
    const number = toNumber(value);
    if (!Number.isInteger(number)) throw new Error('a whole number is needed');
    return signed(number.toString(base), flags);
  };

/** Go writes at least two digits of exponent. */
function exponent(written: string): string {
  return written.replace(/e([+-])(\d)$/, 'e$10$2');
}

function general(value: number, precision: number | undefined): string {
  if (precision === undefined) {
    const scale = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
    return scale < -4 || scale >= 21 ? exponent(value.toExponential()) : toText(value);
  }
  const written = value.toPrecision(Math.max(1, precision));
  return exponent(written.includes('e') || !written.includes('.') ? written : written.replace(/\.?0+$/, ''));
}

const cut = (value: string, precision: number | undefined): string =>
  precision === undefined ? value : [...value].slice(0, precision).join('');

const verbs: Readonly<Record<string, Write>> = {
  v: (value, flags, precision) => {
    if (flags.includes('#')) return encodeJson(value);
    if (value === null) return 'null';
    if (typeof value === 'number') return signed(general(value, precision), flags);
    return typeof value === 'object' ? encodeJson(value) : cut(toText(value), precision);
  },
  t: (value) => toText(toBool(value)),
  d: integer(10),
  b: integer(2),
  o: integer(8),
  x: integer(16),
  X: (value, flags) => integer(16)(value, flags, undefined).toUpperCase(),
  e: (value, flags, precision) => signed(exponent(toNumber(value).toExponential(precision ?? 6)), flags),
  E: (value, flags, precision) => signed(exponent(toNumber(value).toExponential(precision ?? 6)), flags).toUpperCase(),
  f: (value, flags, precision) => signed(toNumber(value).toFixed(precision ?? 6), flags),
  g: (value, flags, precision) => signed(general(toNumber(value), precision), flags),
  G: (value, flags, precision) => signed(general(toNumber(value), precision), flags).toUpperCase(),
  s: (value, _flags, precision) => {
    if (value === null) throw new Error('a null value where text is needed');
    if (typeof value === 'object') throw new Error(`text is needed, not ${typeName(value)}`);
    return cut(toText(value), precision);
  },
  q: (value) => encodeJson(toText(value)),
};

/** An unknown among the arguments leaves a hole in the text. */
function formatWithHoles(args: readonly Value[]): Value {
  const [pattern = null, ...rest] = args;
  if (isUnknown(pattern)) return unknownFrom('a text with parts known after a run', ...args);
  const written = rest.every((value) => !isUnknown(value)) ? undefined : format(toText(pattern), rest);
  if (written === undefined) return format(toText(pattern), rest);
  const joined = unknownFrom('a text with parts known after a run', ...rest);
  return new Unknown(joined.reason, joined.places, undefined, { text: written });
}

/** Lists among the arguments turn together, the rest stays. */
function formatList(args: readonly Value[]): Value {
  const rest = args.slice(1);
  const lengths = new Set(rest.filter(isList).map((value) => value.length));
  if (lengths.size > 1) throw new Error('lists of different length');
  const [length = 1] = lengths;
  return Array.from({ length }, (_row, i) =>
    format(
      text(args, 0),
      rest.map((value) => (isList(value) ? (value[i] ?? null) : value)),
    ),
  );
}

export const formatFunctions: FunctionTable = {
  format: raw(1, many, formatWithHoles),
  formatlist: deep(1, many, formatList),
};
