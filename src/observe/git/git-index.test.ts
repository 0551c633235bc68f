import { expect, test } from 'vitest';
import { readGitIndex } from './git-index.ts';

/** An index of one entry `a`, version 2, sha1: 12 bytes of header, 40 of stat data, id, flags, name, padding. */
function indexOf(change: (bytes: Buffer) => void = () => undefined, extension: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(12 + 64);
  head.write('DIRC', 0, 'latin1');
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(1, 8);
  head.writeUInt32BE(0o100644, 12 + 24);
  head.fill(0xab, 12 + 40, 12 + 60);
  head.writeUInt16BE(1, 12 + 60);
  head.write('a', 12 + 62, 'latin1');
  change(head);
  return Buffer.concat([head, extension, Buffer.alloc(20)]);
}

function extension(name: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 0, 'latin1');
  head.writeUInt32BE(data.length, 4);
  return Buffer.concat([head, data]);
}

test('reads an entry', () => {
  expect(readGitIndex(indexOf(), 'sha1')?.entries).toMatchObject([
    { path: 'a', file: { kind: 'file', oid: 'ab'.repeat(20) } },
  ]);
});

test('knows the tree that would be committed, unless it is outdated', () => {
  const tree = (count: string) => Buffer.concat([Buffer.from(`\0${count} 0\n`), Buffer.alloc(20, 0xcd)]);
  expect(readGitIndex(indexOf(undefined, extension('TREE', tree('1'))), 'sha1')?.tree).toBe('cd'.repeat(20));
  expect(readGitIndex(indexOf(undefined, extension('TREE', tree('-1'))), 'sha1')?.tree).toBeUndefined();
});

test.each<[what: string, bytes: Buffer]>([
  ['a future version', indexOf((bytes) => bytes.writeUInt32BE(5, 4))],
  ['an extension that must be understood', indexOf(undefined, extension('link', Buffer.alloc(4)))],
])('leaves to git: %s', (_what, bytes) => {
  expect(readGitIndex(bytes, 'sha1')).toBeUndefined();
});

test.each<[what: string, bytes: Buffer]>([
  ['no index at all', Buffer.from('hello world, hello')],
  ['cut short', indexOf().subarray(0, 40)],
  ['more entries promised than there are', indexOf((bytes) => bytes.writeUInt32BE(9, 8))],
])('says so when the bytes do not hold together: %s', (_what, bytes) => {
  expect(() => readGitIndex(bytes, 'sha1')).toThrow(expect.objectContaining({ code: 'KARMA_GIT' }));
});
