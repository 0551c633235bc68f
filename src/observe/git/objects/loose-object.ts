import { inflateSync } from 'node:zlib';
import { readLimit } from '../batch-reader.ts';
import { readPlainFile } from '../plain-file.ts';
import { type GitObject, isObjectType } from './git-object.ts';

/** `commit 123\0` and the like are shorter. */
const headerBytes = 64;

/** An object in a file of its own, as Git writes what is new; undefined where there is none such or it cannot be read. */
export function looseObject(objects: string, oid: string): GitObject | undefined {
  let packed: Buffer;
  try {
    packed = readPlainFile(`${objects}/${oid.slice(0, 2)}/${oid.slice(2)}`);
  } catch {
    return undefined;
  }
  try {
    return parse(inflateSync(packed, { maxOutputLength: readLimit + headerBytes }));
  } catch {
    return undefined;
  }
}

function parse(bytes: Buffer): GitObject | undefined {
  const end = bytes.subarray(0, headerBytes).indexOf(0);
  const [type = '', size = ''] = bytes.toString('latin1', 0, Math.max(0, end)).split(' ');
  const body = bytes.subarray(end + 1);
  return isObjectType(type) && Number(size) === body.length ? { type, body } : undefined;
}
