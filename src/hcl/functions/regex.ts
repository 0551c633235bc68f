import { setFlagsFromString } from 'node:v8';
import type { Value } from '../value.ts';
import { emptyObject } from '../value.ts';
import type { FunctionTable } from './define.ts';
import { deep, text } from './define.ts';

/**
 * RE2 takes time in proportion to the text whatever the pattern; V8 does so only when asked to fall back to its linear engine
 * where backtracking goes wild. That engine takes neither `u` nor `i`, so `u` is left out where it says nothing.
 */
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');

/** RE2 as JavaScript: inline flags, `(?P<name>`, `\A`, `\z`, POSIX classes, `\Q…\E`, `\pN`. Memory of what was translated. */
const translated = new Map<string, RegExp>();

const posix: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** For one text. @throws Error when the pattern is none. */
function compile(pattern: string, subject: string): RegExp {
  // Without `u`, half of a character beyond the basic plane would be a character.
  const wide = astral.test(subject) || astral.test(pattern);
  const key = `${wide ? 'u' : ''}/${pattern}`;
  let made = translated.get(key);
  if (made === undefined) {
    made = translate(pattern, wide);
    if (translated.size > 500) translated.clear();
    translated.set(key, made);
  }
  made.lastIndex = 0;
  return made;
}

const astral = /[\ud800-\udfff]/;
/** What only a pattern with `u` can say. */
const needsUnicode = /\\[pP]|\\u\{/;

function translate(pattern: string, wide: boolean): RegExp {
  const leading = /^\(\?([imsU]+)\)/.exec(pattern);
  const rest = pattern.slice(leading?.[0].length ?? 0);
  const late = [...rest.matchAll(/\(\?([imsU]+)\)/g)].map((one) => one[1] ?? '');
  const flags = [...new Set(`g${leading?.[1] ?? ''}${late.join('')}`.replaceAll('U', ''))].join('');
  const lines = flags.includes('m');
  const source = classes(
    rest.replace(/\\Q([\s\S]*?)(?:\\E|$)/g, (_all, literal: string) => literal.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')),
  )
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?([imsU]+)\)(?=[\s\S])/g, '')
    .replace(/\\A/g, lines ? '(?<![\\s\\S])' : '^')
    .replace(/\\z/g, lines ? '(?![\\s\\S])' : '$')
    .replace(/\\([pP])([A-Z])/g, '\\$1{$2}');
  const unicode = made(source, `${flags}u`);
  if (unicode !== undefined && (wide || flags.includes('i') || needsUnicode.test(source))) return unicode;
  // Without `u`, escapes of letters that need none are allowed, as in RE2.
  const plain = made(source, flags);
  if (plain === undefined) throw new Error('this is no regular expression');
  return plain;
}

function made(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}

/** POSIX classes stand inside brackets only: `[[:alpha:]_]`. */
function classes(pattern: string): string {
  return pattern.replace(/\[:(\^?)([a-z]+):\]/g, (all, not: string, name: string) => {
    const range = posix[name];
    return range === undefined || not === '^' ? all : range;
  });
}

/** What `regex` gives: the text, a list of groups, or an object of named ones. */
function captured(match: RegExpExecArray): Value {
  if (match.length === 1) return match[0];
  if (match.groups === undefined) return match.slice(1).map((group) => group ?? null);
  const result = emptyObject();
  for (const [name, group] of Object.entries(match.groups)) result[name] = group ?? null;
  return result;
}

function regex(pattern: string, value: string): Value {
  const match = compile(pattern, value).exec(value);
  if (match === null) throw new Error('the pattern does not match');
  return captured(match);
}

function replace(value: string, search: string, replacement: string): string {
  if (search.length < 2 || !search.startsWith('/') || !search.endsWith('/'))
    return value.replaceAll(search, () => replacement);
  return value.replace(compile(search.slice(1, -1), value), (...match: unknown[]) => expanded(replacement, match));
}

/** Go's `$1`, `${1}`, `$name`, `${name}`, `$$`. The longest name counts, so `$1x` is the group `1x`. */
function expanded(replacement: string, match: readonly unknown[]): string {
  const last = match[match.length - 1];
  const groups = typeof last === 'object' && last !== null ? (last as Record<string, string | undefined>) : {};
  return replacement.replace(/\$(\$|\{(\w+)\}|(\w+))/g, (_all, whole: string, braced?: string, bare?: string) => {
    if (whole === '$') return '$';
    const name = braced ?? bare ?? '';
    if (!/^\d+$/.test(name)) return groups[name] ?? '';
    const group = match[Number(name)];
    return typeof group === 'string' && Number(name) < match.length - 2 ? group : '';
  });
}

export const regexFunctions: FunctionTable = {
  regex: deep(2, 2, (args) => regex(text(args, 0), text(args, 1))),
  regexall: deep(2, 2, (args) => {
    const value = text(args, 1);
    return [...value.matchAll(compile(text(args, 0), value))].map(captured);
  }),
  replace: deep(3, 3, (args) => replace(text(args, 0), text(args, 1), text(args, 2))),
};
