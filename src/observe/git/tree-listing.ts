import type { IndexedFile } from '../views/indexed-view.ts';

/**
 * Reads `git ls-tree -r -z`: `<mode> <type> <oid>\t<path>\0`. Names are bytes to git; those that are not UTF-8 get each odd
 * byte as `%XX`, so that two different names stay different.
 */
export function readTreeListing(bytes: Buffer): Map<string, IndexedFile> {
  const files = new Map<string, IndexedFile>();
  const text = bytes.toString('utf8');
  const exact = !text.includes('\uFFFD');
  // Where a name is not UTF-8 one character a byte keeps positions, and names are decoded one by one.
  const source = exact ? text : bytes.toString('latin1');
  for (let at = 0; at < source.length; ) {
    const tab = source.indexOf('\t', at);
    const end = source.indexOf('\0', tab);
    if (tab < 0 || end < 0) break;
    const name = source.slice(tab + 1, end);
    const oidStart = source.lastIndexOf(' ', tab) + 1;
    const mode = Number.parseInt(source.slice(at, at + 6), 8);
    files.set(exact ? name : decodeName(Buffer.from(name, 'latin1')), indexedFile(mode, source.slice(oidStart, tab)));
    at = end + 1;
  }
  return files;
}

/** By the upper bits of Git's modes: 120000 a symbolic link, 160000 a submodule, 100644 and 100755 files. */
export function kindOfMode(mode: number): IndexedFile['kind'] {
  const type = mode >> 12;
  return type === 0o12 ? 'link' : type === 0o16 ? 'submodule' : 'file';
}

/** An entry as Git has it. */
export function indexedFile(mode: number, oid: string | undefined): IndexedFile {
  const kind = kindOfMode(mode);
  return kind === 'file' && isExecutable(mode) ? { kind, oid, executable: true } : { kind, oid };
}

/** Whether its owner may run it: of nine bits Git keeps this one. */
export function isExecutable(mode: number): boolean {
  return (mode & 0o100) !== 0;
}

/** A file name as text; bytes that are not UTF-8 as `%XX`. */
export function decodeName(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\uFFFD')) return text;
  let name = '';
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    const part = bytes.toString('utf8', at, at + length);
    name += part === '\uFFFD' && length === 1 ? `%${bytes.toString('hex', at, at + 1).toUpperCase()}` : part;
    at += length;
  }
  return name;
}

/** How many bytes the whole UTF-8 sequence at a place has; 1 where there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
  const part = bytes.toString('utf8', at, at + length);
  return length > 1 && !part.includes('\uFFFD') ? length : 1;
}
