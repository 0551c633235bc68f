import { createHash } from 'node:crypto';
import { makeSet } from '../convert.ts';
import { isFiltered } from '../encrypted.ts';
import type { ScopeFunction } from '../scope.ts';
import { step } from '../step.ts';
import { isUnknown, isWhollyKnown, unknownFrom, type Value } from '../value.ts';
import type { FunctionTable } from './define.ts';
import { arg, deep, object, raw, shallow, text } from './define.ts';
import { globPattern } from './glob.ts';
import { apply } from './registry.ts';

/** The files that a module's functions may read; paths as an estate has them, relative to its root. */
export interface FileAccess {
  read(path: string): string | undefined;
  exists(path: string): boolean;
  /** Every file below a folder, as paths from the root, sorted. */
  list(folder: string): readonly string[];
  /** Whether a path is one that no commit holds, and that a run may find. */
  ignored?(path: string): boolean;
  /** The same of all that lies below a folder and may fit a pattern; a folder that stands for all in it ends in `/`. */
  ignoredBelow?(folder: string, pattern: string): readonly string[];
  /** Told of one of those that is among what is read. */
  foundIgnored?(path: string): void;
  /** The folder that relative paths start from. */
  readonly base: string;
  /** What stands for the estate's root at the beginning of an absolute path; any other leads out of it. */
  readonly root?: string;
  /** Told of a path that only a run could know, and of the pattern below it: what may be read then is for others to say. */
  unread?(path: Value, below: Value | undefined): void;
  /** Told of a path that leads nowhere in the estate: a run may find something there. */
  absent?(path: string): void;
  /** What a function fails with that reads such a path. */
  missing?(path: string): Error;
  /** Evaluates a template's text with the names that are there; without it `templatefile` is unknown. */
  render?(template: string, lookup: (name: string) => Value | undefined): Value;
}

/**
 * A path from the estate's root, `.` and `..` followed; one that leaves it begins with `..`, and the view decides. Undefined for
 * one that leads out of it wherever the estate lies: absolute elsewhere, or in somebody's home.
 */
export function within({ base, root = '' }: Pick<FileAccess, 'base' | 'root'>, path: string): string | undefined {
  if (path.startsWith('~')) return undefined;
  if (path.startsWith('/') && path !== root && !path.startsWith(`${root}/`)) return undefined;
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path.slice(root.length) : `${base}/${path}`).split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || parts.length === 0 || parts[parts.length - 1] === '..') parts.push(part);
    else parts.pop();
  }
  return parts.join('/');
}

function dirname(path: string): string {
  const at = path.replace(/\/+$/, '').lastIndexOf('/');
  return at < 0 ? '.' : at === 0 ? '/' : clean(path.slice(0, at));
}

function basename(path: string): string {
  return path === '' ? '.' : path.replace(/\/+$/, '').split('/').pop() || '/';
}

/** Go's `path.Clean`. */
function clean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts[parts.length - 1] !== '..') parts.pop();
    else if (part !== '..' || !path.startsWith('/')) parts.push(part);
  }
  return (path.startsWith('/') ? '/' : '') + parts.join('/') || '.';
}

const ignoredInWords = 'a file that Git ignores';

/** Functions that read files, for a scope whose files are these. */
export function fileFunctions(files: FileAccess): Readonly<Record<string, ScopeFunction>> {
  const read = (args: readonly Value[], use: (found: string) => Value): Value => {
    const place = within(files, text(args, 0));
    if (place !== undefined && files.ignored?.(place) === true) return unknownFrom(ignoredInWords, ...args);
    const found = place === undefined ? undefined : files.read(place);
    if (found === undefined && place !== undefined && files.exists(place))
      return unknownFrom('a file that is too large to be read', ...args);
    if (found !== undefined) return isFiltered(found) ? unknownFrom('an encrypted file', ...args) : use(found);
    files.absent?.(text(args, 0));
    throw files.missing?.(text(args, 0)) ?? new Error(`there is no file ${text(args, 0)}`);
  };
  const exists = (args: readonly Value[]): Value => {
    const place = within(files, text(args, 0));
    if (place !== undefined)
      return files.ignored?.(place) === true ? unknownFrom(ignoredInWords, ...args) : files.exists(place);
    files.absent?.(text(args, 0));
    return unknownFrom('a file outside of the estate', ...args);
  };
  const hash = (algorithm: string, encoding: 'hex' | 'base64') =>
    deep(1, 1, (args) => read(args, (found) => createHash(algorithm).update(found).digest(encoding)));
  // What stands for the root is no name that anybody gave it.
  const isRoot = (args: readonly Value[]) => files.root !== undefined && text(args, 0) === files.root;
  const notTold = (args: readonly Value[]) => unknownFrom('the folder that the estate lies in', ...args);
  const render = (template: string, args: readonly Value[]): Value => {
    const names = arg(args, 1);
    if (files.render === undefined) return unknownFrom('a template that is filled in a run', ...args);
    // Of an object known in a run only, each name that the template holds is a step into it.
    if (isUnknown(names)) return files.render(template, (name) => step(names, name, { line: 0, column: 0 }));
    const known = object(args, 1);
    return files.render(template, (name) => (Object.hasOwn(known, name) ? known[name] : undefined));
  };
  const table: FunctionTable = {
    file: deep(1, 1, (args) => read(args, (found) => found)),
    fileexists: deep(1, 1, exists),
    fileset: deep(2, 2, (args) => fileSet(files, text(args, 0), text(args, 1))),
    filebase64: deep(1, 1, (args) => read(args, (found) => Buffer.from(found).toString('base64'))),
    filemd5: hash('md5', 'hex'),
    filesha1: hash('sha1', 'hex'),
    filesha256: hash('sha256', 'hex'),
    filesha512: hash('sha512', 'hex'),
    filebase64sha256: hash('sha256', 'base64'),
    filebase64sha512: hash('sha512', 'base64'),
    templatefile: raw(2, 2, (args) =>
      typeof args[0] === 'string'
        ? read(args, (found) => render(found, args))
        : unknownFrom('a template known after a run', ...args),
    ),
    templatestring: raw(2, 2, (args) =>
      typeof args[0] === 'string' ? render(args[0], args) : unknownFrom('a template known after a run', ...args),
    ),
    abspath: shallow(1, 1, (args) => absolute(files, text(args, 0))),
    basename: deep(1, 1, (args) => (isRoot(args) ? notTold(args) : basename(text(args, 0)))),
    dirname: deep(1, 1, (args) => (isRoot(args) ? notTold(args) : dirname(text(args, 0)))),
    pathexpand: deep(1, 1, (args) => text(args, 0)),
  };
  return Object.fromEntries(
    Object.entries(table).map(([name, definition]) => [
      name,
      (args) => {
        if (reading.has(name)) tellUnread(files, args);
        return apply(name, definition, args);
      },
    ]),
  );
}

/** Functions whose first argument is a path that is looked at; the second of `fileset` is a pattern below it. */
const reading: ReadonlySet<string> = new Set(
  (
    'file fileexists fileset filebase64 templatefile filemd5 filesha1 filesha256 filesha512 filebase64sha256 ' +
    'filebase64sha512'
  ).split(' '),
);

/** Whether a function looks at a file. */
export function readsFiles(name: string): boolean {
  return reading.has(name);
}

function tellUnread(files: FileAccess, [path, below]: readonly Value[]): void {
  if (files.unread === undefined || path === undefined) return;
  const pattern = typeof below === 'string' || (below !== undefined && isUnknown(below)) ? below : undefined;
  if (!isWhollyKnown(path) || (pattern !== undefined && !isWhollyKnown(pattern))) files.unread(path, pattern);
}

function absolute(files: FileAccess, path: string): string {
  const place = within(files, path);
  return place === undefined ? path : `${files.root ?? ''}/${place}`;
}

/** The folder that all a pattern matches lies in: what stands beside it is not looked at. */
function fixedFolder(pattern: string): string {
  const steps = pattern.split('/').slice(0, -1);
  const open = steps.findIndex((step) => !/^[\w.@ -]+$/.test(step) || /^\.{1,2}$/.test(step));
  return steps.slice(0, open < 0 ? steps.length : open).join('/');
}

/** Whether something that no commit holds may be among what a pattern fits. */
function ignoredFits(files: FileAccess, root: string, pattern: string): string | undefined {
  const beside = files.ignoredBelow?.(root, pattern) ?? [];
  if (beside.length === 0) return undefined;
  const prefix = root === '' ? '' : `${root}/`;
  const steps = pattern.split('/');
  const matches = globPattern(pattern);
  return beside.find((path) => {
    if (!path.startsWith(prefix)) return true;
    const below = path.slice(prefix.length);
    if (!below.endsWith('/')) return matches.test(below);
    // What lies in such a folder fits where the folder fits the first steps.
    const depth = below.split('/').length - 1;
    const deep = steps.slice(0, depth).findIndex((step) => step.includes('**'));
    if (deep >= 0) return globPattern(`${steps.slice(0, deep + 1).join('/')}/**`).test(below) || deep === 0;
    return steps.length > depth && globPattern(steps.slice(0, depth).join('/')).test(below.slice(0, -1));
  });
}

function fileSet(files: FileAccess, folder: string, pattern: string): Value {
  const root = within(files, folder);
  if (root === undefined) {
    files.absent?.(folder);
    return unknownFrom('files outside of the estate');
  }
  const matches = globPattern(pattern);
  const prefix = root === '' ? '' : `${root}/`;
  const below = fixedFolder(pattern);
  const beside = ignoredFits(files, root, pattern);
  if (beside !== undefined) {
    files.foundIgnored?.(beside);
    return unknownFrom(`${ignoredInWords}, among others`);
  }
  return makeSet(
    files
      .list(below === '' ? root : prefix + below)
      .map((path) => path.slice(prefix.length))
      .filter((path) => matches.test(path)),
  );
}
