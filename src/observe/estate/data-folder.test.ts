import { chmodSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { TemporaryFolder } from '../git/temporary-repository.ts';
import { ensureDataFolder, findDataFolder } from './data-folder.ts';
import { findEstateRoot } from './estate-root.ts';

const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());

const repository = folder.repository('estate').write({ 'live/karma.yaml': 'estate: live\n', 'a.tf': '' });
repository.commit();
repository.git('worktree', 'add', '-q', folder.at('linked'));
const environment = { HOME: '/home/somebody' };

function placeOf(cwd: string, query: Partial<Parameters<typeof findDataFolder>[0]> = {}): string {
  return findDataFolder({ root: findEstateRoot({ cwd }), environment, cwd, ...query }).path;
}

test.each<[what: string, path: () => string, expected: string]>([
  [
    'by option',
    () => placeOf(repository.root, { data: 'd', environment: { KARMA_DATA: '/e' } }),
    `${repository.root}/d`,
  ],
  ['by environment', () => placeOf(repository.root, { environment: { KARMA_DATA: '/e' }, setting: 's' }), '/e'],
  ['by karma.yaml', () => placeOf(repository.root, { setting: '../s' }), folder.at('s')],
  ['in Git', () => placeOf(repository.root), `${repository.root}/.git/karma`],
  ['in Git, shared by work trees', () => placeOf(folder.at('linked')), `${repository.root}/.git/karma`],
  ['in Git, by estate', () => placeOf(`${repository.root}/live`), `${repository.root}/.git/karma/estates/live`],
])('the data lie %s', (_what, path, expected) => {
  expect(path()).toBe(expected);
});

test('outside Git they lie with the user, by the root’s path', () => {
  const place = placeOf(folder.path);
  expect(place).toMatch(/^\/home\/somebody\/\.local\/share\/karma\/karma-test-\w+-[0-9a-f]{12}$/);
  expect(placeOf(folder.path, { environment: { XDG_DATA_HOME: '/x' } })).toMatch(/^\/x\/karma\//);
});

test('the folder is made for its owner alone, at the first write', () => {
  const place = findDataFolder({ root: findEstateRoot({ cwd: repository.root }), environment, cwd: '/' });
  expect(existsSync(place.path)).toBe(false);
  ensureDataFolder(place);
  expect(statSync(place.path).mode & 0o777).toBe(0o700);
});

test('a place that cannot be written is told, with the way out', () => {
  writeFileSync(folder.at('file'), '');
  const place = { path: folder.at('file', 'karma'), from: 'git' } as const;
  expect(() => ensureDataFolder(place)).toThrow(
    expect.objectContaining({ code: 'KARMA_DATA_UNWRITABLE', hint: expect.stringContaining('--data') }),
  );
});

// The administrator may write everywhere.
test.skipIf(process.getuid?.() === 0)('a folder without rights is told', () => {
  const place = { path: folder.at('estate', 'closed'), from: 'option' } as const;
  ensureDataFolder(place);
  chmodSync(place.path, 0o500);
  expect(() => ensureDataFolder(place)).toThrow(expect.objectContaining({ code: 'KARMA_DATA_UNWRITABLE' }));
});
