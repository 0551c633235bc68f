import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { KarmaError } from '../../model/errors.ts';
import { readLimit } from '../git/batch-reader.ts';
import { makeFolder } from '../make-folder.ts';
import { isWithin, realPath } from '../real-path.ts';

/**
 * Files that Karma itself keeps in an estate: settings, bindings, the baseline. Whoever wrote the estate put them there, so each
 * may be a link to somewhere else, a named pipe that never answers, a device that never ends.
 */

/**
 * The text of a file of the estate; undefined where there is none.
 *
 * @param top the estate's folder: what lies in it must really lie in it; a file named from outside may lie anywhere
 * @throws KARMA_UNREADABLE
 */
export function readOwnFile(path: string, top: string): string | undefined {
  if (!isThere(path)) return undefined;
  const real = realPlace(path, top);
  if (real === undefined) throw trouble(path, 'it is a link out of the estate');
  let file: number | undefined;
  try {
    // Without waiting for somebody who writes into a pipe.
    file = openSync(real, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(file);
    if (!stat.isFile()) throw trouble(path, 'it is no file');
    if (stat.size > readLimit) throw trouble(path, `it is larger than ${readLimit / 1024 / 1024} MiB`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw error instanceof KarmaError ? error : trouble(path, codeOf(error), error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/**
 * Writes a file that a person named. One within the estate is put in its place as a whole, and never through a link that leads
 * out.
 *
 * @throws KARMA_UNREADABLE, KARMA_REFUSED
 */
export function writeOwnFile(path: string, text: string, top: string): void {
  const real = mustStay(path, top);
  try {
    const there = lstatSync(real, { throwIfNoEntry: false });
    if (there !== undefined && !there.isFile() && isWithin(resolve(path), top)) throw trouble(path, 'it is no file');
    if (there === undefined || !there.isFile()) {
      writeFileSync(real, text);
      return;
    }
    const draft = join(dirname(real), `.${basename(real)}.${process.pid}.draft`);
    try {
      writeFileSync(draft, text, { flag: 'wx', mode: there.mode });
      renameSync(draft, real);
    } finally {
      rmSync(draft, { force: true });
    }
  } catch (cause) {
    if (cause instanceof KarmaError) throw cause;
    throw new KarmaError('KARMA_UNREADABLE', `${path} cannot be written (${codeOf(cause)})`, {
      hint: 'name a file in a folder you may write to',
      details: { file: path },
      cause,
    });
  }
}

/** Makes a folder that a person named, for files to be written into. @throws KARMA_UNREADABLE, KARMA_REFUSED */
export function makeOwnFolder(path: string, top: string): void {
  const real = mustStay(path, top);
  try {
    makeFolder(real, 0o777);
  } catch (cause) {
    throw new KarmaError('KARMA_UNREADABLE', `the folder ${path} cannot be made (${codeOf(cause)})`, {
      hint: 'name a folder in one that you may write to',
      details: { folder: path },
      cause,
    });
  }
}

/** @throws KARMA_REFUSED */
function mustStay(path: string, top: string): string {
  const real = realPlace(path, top);
  if (real !== undefined) return real;
  throw new KarmaError('KARMA_REFUSED', `${path} is a link that leads out of the estate`, {
    hint: 'remove the link, or name a place by its own path',
    details: { file: path },
  });
}

/** @throws KARMA_UNREADABLE for a name that no file system takes */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (cause) {
    throw trouble(path.slice(0, 200), codeOf(cause), cause);
  }
}

/** Where a path really leads; undefined where it is written as one of the estate and leads out of it. */
function realPlace(path: string, top: string): string | undefined {
  const absolute = resolve(path);
  const real = realPath(absolute);
  return isWithin(absolute, top) && !isWithin(real, realPath(top)) ? undefined : real;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read';
}

function trouble(path: string, reason: string, cause?: unknown): KarmaError {
  return new KarmaError('KARMA_UNREADABLE', `${path} cannot be read: ${reason}`, {
    hint: 'put a plain file in its place',
    details: { file: path },
    ...(cause === undefined ? {} : { cause }),
  });
}
