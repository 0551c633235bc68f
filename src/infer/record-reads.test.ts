import { expect, test } from 'vitest';
import type { FileView } from '../model/file-view.ts';
import { mergeReadSets, readSetHolds, recordReads } from './record-reads.ts';

function viewOf(contents: Record<string, string>, repo = ''): FileView {
  const paths = Object.keys(contents).sort();
  const below = (folder: string) => (folder === '' ? paths : paths.filter((path) => path.startsWith(`${folder}/`)));
  return {
    repo,
    revision: 'worktree',
    read: (path) => contents[path],
    isFile: (path) => path in contents,
    isDirectory: (path) => below(path).length > 0,
    digest: (path) => (contents[path] === undefined ? undefined : `d:${contents[path]}`),
    files: (under = '') => below(under),
    list: (folder) => {
      const steps = below(folder).map((path) => path.slice(folder === '' ? 0 : folder.length + 1).split('/'));
      const kinds = new Map(
        steps.map(([name = '', ...rest]) => [name, rest.length > 0 ? 'directory' : 'file'] as const),
      );
      return [...kinds].map(([name, kind]) => ({ name, kind }));
    },
  };
}

test('files with their digests, absences and folders are remembered, sorted', () => {
  const { view, readSet } = recordReads(viewOf({ 'b.hcl': 'b', 'a/x.tf': 'x' }));
  expect(view.read('b.hcl')).toBe('b');
  expect(view.isFile('a/none.tf')).toBe(false);
  view.list('a');
  view.isDirectory('nowhere');
  expect(readSet().files).toEqual({ 'a/none.tf': null, 'b.hcl': 'd:b' });
  expect(Object.keys(readSet().files)).toEqual(['a/none.tf', 'b.hcl']);
  expect(readSet().folders['nowhere/']).toBe('absent');
  expect(Object.keys(readSet().folders)).toEqual(['a', 'nowhere/']);
});

const before = { 'live/unit.hcl': 'u', 'modules/vpc/main.tf': 'm' };

test.each<[what: string, after: Record<string, string>, holds: boolean]>([
  ['nothing', before, true],
  ['a file nobody read', { ...before, 'other.txt': '?' }, true],
  ['the content of a file', { ...before, 'live/unit.hcl': 'v' }, false],
  ['a file that was looked for and absent', { ...before, 'live/region.hcl': 'r' }, false],
  ['a name in a listed folder', { ...before, 'modules/vpc/more.tf': 'n' }, false],
  ['the content of a file in a listed folder', { ...before, 'modules/vpc/main.tf': 'new' }, true],
  ['a folder that was looked for', { ...before, 'live/eu/x': 'x' }, false],
  ['a read file taken away', { 'modules/vpc/main.tf': 'm' }, false],
])('a read-set holds unless it is touched: %s', (_what, after, holds) => {
  const { view, readSet } = recordReads(viewOf(before));
  view.read('live/unit.hcl');
  view.read('live/region.hcl');
  view.list('modules/vpc');
  view.isDirectory('live/eu');
  expect(readSetHolds(readSet(), new Map([['', viewOf(after)]]))).toBe(holds);
});

test('places of other repositories carry the name of the repository', () => {
  const main = recordReads(viewOf({ 'a.hcl': '1' }));
  const iac = recordReads(viewOf({ 'm/main.tf': '2' }, 'aws-iac'));
  main.view.read('a.hcl');
  iac.view.read('m/main.tf');
  iac.view.files('m');
  const merged = mergeReadSets([iac.readSet(), main.readSet()]);
  expect(merged.files).toEqual({ 'a.hcl': 'd:1', 'aws-iac:m/main.tf': 'd:2' });
  const repos = (module: string) =>
    new Map([
      ['', viewOf({ 'a.hcl': '1' })],
      ['aws-iac', viewOf({ 'm/main.tf': module }, 'aws-iac')],
    ]);
  expect(readSetHolds(merged, repos('2'))).toBe(true);
  expect(readSetHolds(merged, repos('3'))).toBe(false);
  expect(readSetHolds(merged, new Map([['', viewOf({ 'a.hcl': '1' })]]))).toBe(false);
});

/** A view with links, each followed once. */
function linkedView(contents: Record<string, string>, targets: Record<string, string>): FileView {
  const follow = (path: string) => {
    const link = Object.keys(targets).find((one) => path === one || path.startsWith(`${one}/`));
    if (link === undefined) return { real: path, through: [] };
    return { real: `${targets[link]}${path.slice(link.length)}`, through: [link] };
  };
  const view = viewOf(contents);
  const links = { targets: new Map(Object.entries(targets)), follow };
  return { ...view, links, realPath: (path) => follow(path).real };
}

test.each<[what: string, targets: Record<string, string>, holds: boolean]>([
  ['a link somewhere else', { 'live/c': 'live/a' }, true],
  ['a link where nothing was', { 'live/b/x': 'live/a' }, false],
  ['a link above it', { 'live/b': 'live/a' }, false],
])('where a path leads is read also where no link stands on it: %s', (_what, targets, holds) => {
  const { view, readSet } = recordReads(viewOf(before));
  view.realPath?.('live/b/x');
  const after = linkedView(before, targets);
  expect(readSetHolds(readSet(), new Map([['', after]]))).toBe(holds);
  expect(Object.keys(readSet().folders)).toEqual(['live/**@', 'live/b/**@', 'live/b/x/**@']);
});
