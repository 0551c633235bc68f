import { createHash } from 'node:crypto';
import { makeSet } from '../convert.ts';
import type { ScopeFunction } from '../scope.ts';
import { step } from '../step.ts';
import { isUnknown, unknownFrom, type Value } from '../value.ts';
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
  /** The folder that relative paths start from. */
  readonly base: string;
  /** Evaluates a template's text with the names that are there; without it `templatefile` is unknown. */
  render?(template: string, lookup: (name: string) => Value | undefined): Value;
}

/** A path from the estate's root, `.` and `..` followed; one that leaves it begins with `..`, and the view decides. */
export function within(base: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${base}/${path}`).split('/')) {
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

/** Functions that read files, for a scope whose files are these. */
export function fileFunctions(files: FileAccess): Readonly<Record<string, ScopeFunction>> {
  const read = (args: readonly Value[]): string => {
    const found = files.read(within(files.base, text(args, 0)));
    if (found === undefined) throw new Error(`there is no file ${text(args, 0)}`);
    return found;
  };
  const hash = (algorithm: string, encoding: 'hex' | 'base64') =>
    deep(1, 1, (args) => createHash(algorithm).update(read(args)).digest(encoding));
  const render = (template: string, args: readonly Value[]): Value => {
    const names = arg(args, 1);
    if (files.render === undefined) return unknownFrom('a template that is filled in a run', ...args);
    // Of an object known in a run only, each name that the template holds is a step into it.
    if (isUnknown(names)) return files.render(template, (name) => step(names, name, { line: 0, column: 0 }));
    const known = object(args, 1);
    return files.render(template, (name) => (Object.hasOwn(known, name) ? known[name] : undefined));
  };
  const table: FunctionTable = {
    file: deep(1, 1, read),
    fileexists: deep(1, 1, (args) => files.exists(within(files.base, text(args, 0)))),
    fileset: deep(2, 2, (args) => fileSet(files, text(args, 0), text(args, 1))),
    filebase64: deep(1, 1, (args) => Buffer.from(read(args)).toString('base64')),
    filemd5: hash('md5', 'hex'),
    filesha1: hash('sha1', 'hex'),
    filesha256: hash('sha256', 'hex'),
    filesha512: hash('sha512', 'hex'),
    filebase64sha256: hash('sha256', 'base64'),
    filebase64sha512: hash('sha512', 'base64'),
    templatefile: raw(2, 2, (args) =>
      typeof args[0] === 'string' ? render(read(args), args) : unknownFrom('a template known after a run', ...args),
    ),
    templatestring: raw(2, 2, (args) =>
      typeof args[0] === 'string' ? render(args[0], args) : unknownFrom('a template known after a run', ...args),
    ),
    abspath: shallow(1, 1, (args) => `/${within(files.base, text(args, 0))}`),
    basename: deep(1, 1, (args) => basename(text(args, 0))),
    dirname: deep(1, 1, (args) => dirname(text(args, 0))),
    pathexpand: deep(1, 1, (args) => text(args, 0)),
  };
  return Object.fromEntries(
    Object.entries(table).map(([name, definition]) => [name, (args) => apply(name, definition, args)]),
  );
}

function fileSet(files: FileAccess, folder: string, pattern: string): Value {
  const root = within(files.base, folder);
  const matches = globPattern(pattern);
  const prefix = root === '' ? '' : `${root}/`;
  return makeSet(
    files
      .list(root)
      .map((path) => path.slice(prefix.length))
      .filter((path) => matches.test(path)),
  );
}
