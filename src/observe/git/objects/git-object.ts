import { createHash } from 'node:crypto';

/** One object of a repository as it is stored: what Git hashes, without the header. */
export interface GitObject {
  readonly type: ObjectType;
  readonly body: Buffer;
}

export type ObjectType = 'blob' | 'commit' | 'tag' | 'tree';

const types: ReadonlySet<string> = new Set<ObjectType>(['blob', 'commit', 'tag', 'tree']);

export function isObjectType(text: string): text is ObjectType {
  return types.has(text);
}

/** Whether an object is the one that an id names: the id is its hash, so nothing else needs to be trusted. */
export function isNamed(oid: string, { type, body }: GitObject): boolean {
  const hash = createHash(oid.length === 40 ? 'sha1' : 'sha256');
  return hash.update(`${type} ${body.length}\0`).update(body).digest('hex') === oid;
}
