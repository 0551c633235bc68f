/**
 * Numbers with more digits than JavaScript keeps: beyond 2⁵³, and long fractions. Terraform keeps them all, so two that differ
 * in the last digit are two values. One is held as a text that no file can hold by itself (it begins with half a surrogate
 * pair) and is written as the number it is wherever JSON is written canonically.
 */
const mark = '\ud800#';
const written = /"\\ud800#(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)"/g;

export type LongNumber = string;

/** The number as it is, or as a {@link LongNumber} where digits would be lost. */
export function exactNumber(text: string): number | LongNumber {
  const value = Number(text);
  if (Number.isSafeInteger(value) && /^-?\d{1,15}$/.test(text)) return value;
  // Other forms than decimal are read as they are: `0x1F`.
  if (!/^[-+]?\d*\.?\d*(?:[eE][-+]?\d+)?$/.test(text)) return value;
  return canonicalDigits(String(value)) === canonicalDigits(text) ? value : mark + text;
}

export function isLongNumber(value: unknown): value is LongNumber {
  return typeof value === 'string' && value.startsWith(mark);
}

/** Its digits as written. */
export function digitsOf(value: LongNumber): string {
  return value.slice(mark.length);
}

/** `JSON.parse`, with every digit of every number. Only a text that may hold a long one is read the slow way. */
export function parseExactJson(text: string): unknown {
  if (!/\d[\d.]{15}|\d[eE][-+]?\d/.test(text)) return JSON.parse(text);
  const keep = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' && context?.source !== undefined ? exactNumber(context.source) : value;
  return JSON.parse(text, keep as (key: string, value: unknown) => unknown);
}

/** Canonical JSON with long numbers as numbers. */
export function withLongNumbers(json: string): string {
  return json.includes('"\\ud800#') ? json.replace(written, '$1') : json;
}

/** The same value with long numbers as JavaScript rounds them, for whoever only asks whether it is a number. */
export function rounded(value: unknown): unknown {
  if (isLongNumber(value)) return Number(digitsOf(value));
  if (Array.isArray(value)) return value.map(rounded);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, rounded(member)]));
}

/** Sign, digits without zeros around them, and the power of ten of the last one. */
function canonicalDigits(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^([-+]?)(\d*)\.?(\d*)(?:[eE]([-+]?\d+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return '0';
  return `${sign === '-' ? '-' : ''}${kept}e${Number(exponent) - fraction.length + (digits.length - kept.length)}`;
}
