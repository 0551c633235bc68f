import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { blobId } from '../git/blob-id.ts';
import { TemporaryFolder, TemporaryRepository } from '../git/temporary-repository.ts';
import { openFolderView } from './folder-view.ts';

const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());

function plain(name: string): TemporaryRepository {
  return new TemporaryRepository(folder.at(name), []);
}

test('a folder that is no repository is read as it is', () => {
  const made = plain('plain').write({
    'iac/a/config.json': '{}',
    'x.tf': 'x',
    '.hidden/y.tf': 'y',
    'big.json': 'x'.repeat(17 * 1024 * 1024),
    '.terraform/m.tf': '',
    'u/.terragrunt-cache/m.tf': '',
    'node_modules/p/package.json': '',
    '.git/config': 'not a repository',
  });
  const view = openFolderView(made.root, { repo: 'aws-iac' });
  expect(view.files()).toEqual(['.hidden/y.tf', 'big.json', 'iac/a/config.json', 'x.tf']);
  expect(view.digest('x.tf')).toBe(blobId(Buffer.from('x')));
  expect([view.repo, view.revision, view.repoRoot]).toEqual(['aws-iac', 'worktree', undefined]);
  expect([view.read('big.json'), view.isFile('big.json')]).toEqual([undefined, true]);
  expect(view.digest('big.json')).toBe(blobId(Buffer.from('x'.repeat(17 * 1024 * 1024))));
  expect(view.troubles()).toEqual([{ path: 'big.json', kind: 'too-large', detail: 'beyond 16 MiB' }]);
  const { identity } = view;
  expect(openFolderView(made.root).identity).toBe(identity);
  made.write({ 'x.tf': 'y' });
  expect(openFolderView(made.root).identity).not.toBe(identity);
});

test('links end at the edge; a loop of folders is walked once', () => {
  const made = plain('links').write({ 'a/x.tf': 'x' }).link('a/up', '..').link('b', 'a').link('out', '/etc');
  const view = openFolderView(made.root);
  expect(view.files()).toEqual(['a/x.tf']);
  expect(view.read('b/up/a/x.tf')).toBe('x');
  expect(view.read('out/passwd')).toBeUndefined();
  expect(view.troubles()).toEqual([{ path: 'out', kind: 'link-outside', detail: '/etc' }]);
});

// The administrator may read everything, and only Linux keeps names that are not UTF-8.
test.skipIf(process.getuid?.() === 0)('what may not be read is told', () => {
  const made = plain('closed').write({ 'open.tf': 'o', 'closed.tf': 'c', 'shut/x.tf': 'x' });
  chmodSync(folder.at('closed', 'closed.tf'), 0);
  chmodSync(folder.at('closed', 'shut'), 0);
  const view = openFolderView(made.root);
  expect(view.read('closed.tf')).toBeUndefined();
  expect(view.troubles().map(({ path, kind }) => [path, kind])).toEqual([
    ['closed.tf', 'unreadable'],
    ['shut', 'unreadable'],
  ]);
  chmodSync(folder.at('closed', 'shut'), 0o700);
});

test.skipIf(process.platform !== 'linux')('names that are not UTF-8 are read by their bytes', () => {
  const root = folder.at('bytes');
  const inner = Buffer.concat([Buffer.from(`${root}/d`), Buffer.of(0xff)]);
  mkdirSync(inner, { recursive: true });
  writeFileSync(Buffer.concat([inner, Buffer.from('/f'), Buffer.of(0xfe)]), 'inside');
  symlinkSync('nowhere', Buffer.concat([Buffer.from(`${root}/l`), Buffer.of(0xff)]));
  const view = openFolderView(root);
  expect(view.files()).toEqual(['d%FF/f%FE']);
  expect(view.read('d%FF/f%FE')).toBe('inside');
});
