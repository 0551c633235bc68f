import { findSecretsInText } from './find.ts';

/** A text in which each secret is replaced; the rest stays, so that an answer still says what it is about. */
export function replaceInText(text: string, replace: (secret: string) => string): string {
  const found = findSecretsInText(text);
  if (found.length === 0) return text;
  let out = '';
  let at = 0;
  for (const { range } of found) {
    out += text.slice(at, range[0]) + replace(text.slice(range[0], range[1]));
    at = range[1];
  }
  return out + text.slice(at);
}

/** Commands are lists of words, where one word says what the next one is. Longer lists are no commands. */
const mostWords = 200;

/** A list in which no text begins so is no command in which one word says that the next is a secret. */
export const beginsCommand = /^-|^(?:login|mysql)/;

/** A list whose texts, read as one command, hold a secret: `["-u", "me:…"]`, `["--token", "…"]`. The same list where none does. */
export function hideInWords(words: readonly unknown[], replace: (secret: string) => string): readonly unknown[] {
  if (
    words.length < 2 ||
    words.length > mostWords ||
    !words.some((word) => typeof word === 'string' && beginsCommand.test(word))
  )
    return words;
  const line = words.map((word) => (typeof word === 'string' ? word : '')).join(' ');
  const found = findSecretsInText(line);
  if (found.length === 0) return words;
  let start = 0;
  return words.map((word) => {
    if (typeof word !== 'string') {
      start += 1;
      return word;
    }
    const end = start + word.length;
    let out = '';
    let at = start;
    for (const { range } of found) {
      const [from, to] = [Math.max(range[0], at), Math.min(range[1], end)];
      if (from >= to) continue;
      out += line.slice(at, from) + replace(line.slice(from, to));
      at = to;
    }
    out += line.slice(at, end);
    start = end + 1;
    return out;
  });
}

/** A text fit to be shown and kept. */
export function hideInText(text: string): string {
  return replaceInText(text, () => '(redacted)');
}

/**
 * A copy of plain data in which every text, keys included, is fit to be shown and kept; the same object where nothing had to
 * be hidden.
 */
export function hideInTexts<T>(value: T): T {
  return holdsSecretText(value) ? (visit(value) as T) : value;
}

/** A look that makes nothing: few answers hold a secret and need a copy. */
function holdsSecretText(value: unknown): boolean {
  if (typeof value === 'string') return findSecretsInText(value).length > 0;
  if (value === null || typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.some(holdsSecretText) || hideInWords(value, () => '') !== value;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) if (holdsSecretText(key) || holdsSecretText(object[key])) return true;
  return false;
}

function visit(value: unknown): unknown {
  if (typeof value === 'string') return hideInText(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const items = hideInWords(value, () => '(redacted)').map(visit);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  const members = Object.entries(value);
  const shown = members.map(([key, member]): [string, unknown] => [hideInText(key), visit(member)]);
  const same = shown.every(([key, member], index) => key === members[index]?.[0] && member === members[index][1]);
  return same ? value : Object.fromEntries(shown);
}
