import { createHash } from 'node:crypto';
import { tableOf } from '../../model/table.ts';
import type { FunctionTable } from './define.ts';
import { deep, text } from './define.ts';

const hash = (algorithm: string, encoding: 'hex' | 'base64') =>
  deep(1, 1, (args) => createHash(algorithm).update(text(args, 0)).digest(encoding));

/** The namespaces that RFC 4122 names. */
const namespaces = tableOf<string>({
  dns: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
  url: '6ba7b811-9dad-11d1-80b4-00c04fd430c8',
  oid: '6ba7b812-9dad-11d1-80b4-00c04fd430c8',
  x500: '6ba7b814-9dad-11d1-80b4-00c04fd430c8',
});

/** A version 5 UUID: SHA-1 of namespace and name. RFC 4122 §4.3. */
function uuid5(namespace: string, name: string): string {
  const space = Buffer.from((namespaces[namespace] ?? namespace).replaceAll('-', ''), 'hex');
  if (space.length !== 16) throw new Error('this is no UUID namespace');
  const bytes = createHash('sha1').update(space).update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export const hashFunctions: FunctionTable = {
  md5: hash('md5', 'hex'),
  sha1: hash('sha1', 'hex'),
  sha256: hash('sha256', 'hex'),
  sha512: hash('sha512', 'hex'),
  base64sha256: hash('sha256', 'base64'),
  base64sha512: hash('sha512', 'base64'),
  uuidv5: deep(2, 2, (args) => uuid5(text(args, 0), text(args, 1))),
};
