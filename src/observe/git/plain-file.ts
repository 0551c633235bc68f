import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** More than any file of Git's own that is read whole; an index of a million files comes to a hundred megabytes. */
const most = 256 * 1024 * 1024;

/** Opens a file for reading, and nothing that never answers or never ends: no pipe, no device. @throws what the file system says */
export function openPlainFile(path: string): number {
  // Without waiting for somebody who writes into a pipe.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stat = fstatSync(file);
  if (stat.isFile()) return file;
  closeSync(file);
  throw Object.assign(new Error(`${path} is no file`), { code: stat.isDirectory() ? 'EISDIR' : 'EINVAL' });
}

/** The bytes of a file whose size bounds what is read of it. @throws what the file system says, and where it is no file or too large */
export function readPlainFile(path: string): Buffer {
  const file = openPlainFile(path);
  try {
    if (fstatSync(file).size > most) throw Object.assign(new Error(`${path} is too large`), { code: 'EFBIG' });
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
