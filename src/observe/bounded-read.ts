import { closeSync, openSync, readSync } from 'node:fs';

/** The bytes of a file, a pipe or a device; undefined where there are more of them than that. @throws what the file system says */
export function readAtMost(file: string, most: number): Buffer | undefined {
  const open = openSync(file, 'r');
  try {
    const parts: Buffer[] = [];
    for (let size = 0; size <= most; ) {
      const part = Buffer.allocUnsafe(1024 * 1024);
      const read = readSync(open, part);
      if (read === 0) return Buffer.concat(parts);
      parts.push(part.subarray(0, read));
      size += read;
    }
    return undefined;
  } finally {
    closeSync(open);
  }
}
