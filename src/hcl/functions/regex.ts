import type { Matcher, RE2JS } from 're2js';
import { lateModule } from '../../model/late-module.ts';
import type { Value } from '../value.ts';
import { emptyObject } from '../value.ts';
import type { FunctionTable } from './define.ts';
import { deep, text } from './define.ts';
import type * as Patterns from './patterns.ts';

const patterns = lateModule<typeof Patterns>('patterns', import.meta.url);

/** Go's engine is RE2: it takes time in proportion to the text whatever the pattern. Memory of what was compiled. */
const compiled = new Map<string, RE2JS>();

/** Characters that all matches of one call may look at together: each may look through all that is left. */
const mostLooked = 10_000_000;
const largestPattern = 20_000;

/** @throws Error when the pattern is none. */
function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  if (pattern.length > largestPattern) throw new Error('the pattern is larger than any that is meant');
  let made: RE2JS;
  try {
    made = patterns().RE2JS.compile(pattern);
  } catch {
    throw new Error('this is no regular expression');
  }
  if (compiled.size > 500) compiled.clear();
  compiled.set(pattern, made);
  return made;
}

/** Each match in turn; an empty one behind another is none, as in Go. @throws Error where they look at too much */
function* matches(pattern: string, value: string): Generator<Matcher> {
  const matcher = compile(pattern).matcher(value);
  let looked = 0;
  let end = -1;
  while (matcher.find()) {
    if (matcher.end() > matcher.start() || matcher.start() !== end) yield matcher;
    looked += value.length - Math.max(0, end);
    if (looked > mostLooked) throw new Error('the pattern matches more often than anybody means');
    end = matcher.end();
  }
}

/** What `regex` gives: the text, a list of groups, or an object of named ones. */
function captured(match: Matcher): Value {
  const names = Object.keys(match.namedGroups).filter((name) => name !== '');
  if (names.length > 0) {
    const result = emptyObject();
    for (const name of names) result[name] = match.group(name);
    return result;
  }
  const count = match.groupCount();
  return count === 0 ? match.group() : Array.from({ length: count }, (_one, index) => match.group(index + 1));
}

function regex(pattern: string, value: string): Value {
  const match = compile(pattern).matcher(value);
  if (!match.find()) throw new Error('the pattern does not match');
  return captured(match);
}

function replace(value: string, search: string, replacement: string): string {
  if (search.length < 2 || !search.startsWith('/') || !search.endsWith('/'))
    return value.replaceAll(search, () => replacement);
  const parts: string[] = [];
  let from = 0;
  for (const match of matches(search.slice(1, -1), value)) {
    parts.push(value.slice(from, match.start()), expanded(replacement, match));
    from = match.end();
  }
  parts.push(value.slice(from));
  return parts.join('');
}

/** Go's `$1`, `${1}`, `$name`, `${name}`, `$$`. The longest name counts, so `$1x` is the group `1x`. */
function expanded(replacement: string, match: Matcher): string {
  return replacement.replace(/\$(\$|\{(\w+)\}|(\w+))/g, (_all, whole: string, braced?: string, bare?: string) => {
    if (whole === '$') return '$';
    const name = braced ?? bare ?? '';
    if (/^\d+$/.test(name)) return Number(name) <= match.groupCount() ? (match.group(Number(name)) ?? '') : '';
    return Object.hasOwn(match.namedGroups, name) ? (match.group(name) ?? '') : '';
  });
}

export const regexFunctions: FunctionTable = {
  regex: deep(2, 2, (args) => regex(text(args, 0), text(args, 1))),
  regexall: deep(2, 2, (args) => Array.from(matches(text(args, 0), text(args, 1)), captured)),
  replace: deep(3, 3, (args) => replace(text(args, 0), text(args, 1), text(args, 2))),
};
