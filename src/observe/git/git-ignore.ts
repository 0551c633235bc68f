import { anyFolders, type Part, type Wildcards, wildcards } from '../../model/wildcards.ts';

/**
 * What `.gitignore` files say, for a tree without a work tree: there nobody can list what is ignored, only tell of a path whether
 * it would be. https://git-scm.com/docs/gitignore; held to `git check-ignore` by a property test.
 */
export class GitIgnore {
  readonly #rules: ReadonlyMap<string, readonly Rule[]>;
  /** Thousands of paths lie in the same folders. */
  readonly #folders = new Map<string, boolean>();

  /** @param files texts of `.gitignore` by the folder that each lies in */
  constructor(files: ReadonlyMap<string, string>) {
    this.#rules = new Map([...files].map(([folder, text]) => [folder, rulesOf(text)]));
  }

  /** Whether a path is ignored, or lies in a folder that is; nothing below such a folder is ever let in again. */
  ignores(path: string, isFolder: boolean): boolean {
    const folder = parentOf(path);
    return (folder !== '' && this.#ignoresFolder(folder)) || this.#decides(path, isFolder);
  }

  #ignoresFolder(folder: string): boolean {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    const found = this.ignores(folder, true);
    this.#folders.set(folder, found);
    return found;
  }

  /** The last rule of the nearest file that fits decides. */
  #decides(path: string, isFolder: boolean): boolean {
    const name = path.slice(path.lastIndexOf('/') + 1);
    for (let folder = parentOf(path); ; folder = parentOf(folder)) {
      const within = folder === '' ? path : path.slice(folder.length + 1);
      const rule = this.#rules
        .get(folder)
        ?.find((one) => (isFolder || !one.foldersOnly) && one.form.test(one.isAnchored ? within : name));
      if (rule !== undefined) return !rule.letsIn;
      if (folder === '') return false;
    }
  }
}

interface Rule {
  readonly form: Wildcards;
  readonly letsIn: boolean;
  readonly foldersOnly: boolean;
  /** Of a path below its file; otherwise of a name anywhere. */
  readonly isAnchored: boolean;
}

/** The last one first. */
function rulesOf(text: string): readonly Rule[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap((line) => ruleOf(line.replace(/\r$/, '')) ?? [])
    .reverse();
}

function ruleOf(line: string): Rule | undefined {
  if (line.startsWith('#')) return undefined;
  let pattern = withoutTrailingSpaces(line);
  const letsIn = pattern.startsWith('!');
  if (letsIn) pattern = pattern.slice(1);
  const foldersOnly = pattern.endsWith('/');
  if (foldersOnly) pattern = pattern.slice(0, -1);
  if (pattern === '') return undefined;
  const isAnchored = pattern.includes('/');
  const parts = partsOf(pattern.replace(/^\//, ''), isAnchored);
  if (parts === undefined) return undefined;
  return { form: wildcards(parts), letsIn, foldersOnly, isAnchored };
}

function withoutTrailingSpaces(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === ' ' && line[end - 2] !== '\\') end--;
  return line.slice(0, end);
}

/** A pattern in its parts; undefined where it fits nothing. */
function partsOf(pattern: string, isAnchored: boolean): readonly Part[] | undefined {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const sign = pattern[at] ?? '';
    if (sign === '*') {
      let end = at;
      while (pattern[end + 1] === '*') end++;
      // Git takes what stands before the first sign off both sides, so what follows it begins there.
      const begins = at === 0 || pattern[at - 1] === '/' || (isAnchored && !/[*?[\\]/.test(pattern.slice(0, at)));
      const isWhole = end > at && begins;
      if (isWhole && pattern[end + 1] === '/') {
        parts.push(anyFolders);
        at = end + 1;
      } else if (isWhole && end + 1 === pattern.length) {
        parts.push(pattern[at - 1] === '/' ? { run: 'all', some: true } : { run: 'all' });
        at = end;
      } else {
        parts.push({ run: 'step' });
        at = end;
      }
    } else if (sign === '?') parts.push({ one: '[^/]' });
    else if (sign === '[') {
      const found = bracketAt(pattern, at);
      if (found === undefined) return undefined;
      parts.push({ one: found.source });
      at = found.end;
    } else if (sign === '\\') {
      at++;
      if (at === pattern.length) return undefined;
      parts.push(pattern[at] ?? '');
    } else parts.push(sign);
  }
  return parts;
}

function bracketAt(pattern: string, start: number): { readonly source: string; readonly end: number } | undefined {
  let at = start + 1;
  const isNot = pattern[at] === '!' || pattern[at] === '^';
  if (isNot) at++;
  let inner = '';
  for (let first = true; first || pattern[at] !== ']'; first = false) {
    if (at >= pattern.length) return undefined;
    const named = /^\[:(\w+):\]/.exec(pattern.slice(at));
    if (named !== null) {
      inner += classes[named[1] ?? ''] ?? '';
      at += named[0].length;
      continue;
    }
    const sign = pattern[at] === '\\' ? (pattern[++at] ?? '') : (pattern[at] ?? '');
    at++;
    const isRange = pattern[at] === '-' && pattern[at + 1] !== undefined && pattern[at + 1] !== ']';
    if (!isRange) {
      inner += inBracket(sign);
      continue;
    }
    at++;
    const to = pattern[at] === '\\' ? (pattern[++at] ?? '') : (pattern[at] ?? '');
    at++;
    if (sign <= to) inner += `${inBracket(sign)}-${inBracket(to)}`;
  }
  // What stands for nothing fits nothing, or anything.
  const set = inner === '' ? (isNot ? '[^/]' : '(?!)') : isNot ? `(?!/)[^${inner}]` : `(?!/)[${inner}]`;
  return { source: set, end: at };
}

const classes: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  digit: '0-9',
  lower: 'a-z',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
};

function inBracket(sign: string): string {
  return /[\\\]^-]|\[/.test(sign) ? `\\${sign}` : sign;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
