import { chmodSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileView } from '../src/model/file-view.ts';
import { findRepository, type Repository } from '../src/observe/git/git-repository.ts';
import { commitsOf } from '../src/observe/git/history.ts';
import { resolveRevision } from '../src/observe/git/revision.ts';
import { withSubmodules } from '../src/observe/git/submodules.ts';
import { TemporaryFolder, TemporaryRepository } from '../src/observe/git/temporary-repository.ts';
import { ResidentRepositories } from '../src/observe/resident/resident-repositories.ts';
import { openGitView } from '../src/observe/views/git-view.ts';
import { times } from './support/times.ts';

function opened({ root }: Pick<TemporaryRepository, 'root'>): Repository {
  const repository = findRepository(root);
  if (repository === undefined) throw new Error('no repository');
  return repository;
}

const names = ['main', 'other', 'origin/main', 'heads/main', 'tags/v1', 'v1', 'HEAD~1', 'config', 'side.x', 'x.lock'];

/** Everything that can be asked of a repository at HEAD. */
async function told(
  repository: Repository,
  known: readonly string[],
  resident?: ResidentRepositories,
): Promise<unknown> {
  const revision = await resolveRevision(repository, 'HEAD');
  const view = await withSubmodules(repository, await openGitView(repository, revision), {
    open: async (inner, oid) => openGitView(inner, await resolveRevision(inner, oid)),
    resident,
  });
  const histories = await Promise.all(
    known.map((one) => commitsOf(repository, { start: revision.commit ?? '', known: one, limit: 20 })),
  );
  const named = await Promise.all(names.map((name) => resolveRevision(repository, name).catch(String)));
  return { revision, named, identity: view.identity, shown: shown(view), troubles: view.troubles(), histories };
}

function shown(view: FileView): unknown {
  const files = view.files().map((path) => [path, view.digest(path), view.read(path)]);
  const folders = new Set([
    '',
    ...view.files().flatMap((path) => path.split('/').map((_, at, steps) => steps.slice(0, at).join('/'))),
  ]);
  return { files, folders: [...folders].map((folder) => [folder, view.list(folder)]) };
}

type Step = (repository: TemporaryRepository, random: { readonly path: string; readonly text: string }) => void;

const moved = (path: string) => `moved/${path.replaceAll('/', '-')}`;
const attempt = (work: () => void) => {
  try {
    work();
  } catch {
    // Nothing to do it to.
  }
};
const commitAs = (repository: TemporaryRepository, ...args: readonly string[]) => {
  repository.git('add', '-A');
  repository.git('commit', '-q', '--allow-empty', ...args);
};

const steps: Readonly<Record<string, Step>> = {
  change: (repository, { path, text }) =>
    repository
      .remove(path)
      .write({ [path]: text })
      .commit(text),
  changeTwo: (repository, { path, text }) => {
    repository
      .remove(path)
      .write({ [path]: text })
      .commit('first');
    repository.write({ 'z/last': text }).commit('second');
  },
  remove: (repository, { path }) => repository.remove(path).commit(),
  rename: (repository, { path }) => {
    repository.write({ 'moved/here': '' });
    attempt(() => renameSync(join(repository.root, path), join(repository.root, moved(path))));
    repository.commit();
  },
  link: (repository, { path, text }) => repository.remove(path).link(path, text).commit(),
  mode: (repository, { path }) => {
    attempt(() => chmodSync(join(repository.root, path), 0o755));
    repository.commit();
  },
  submodule: (repository, { path }) => {
    repository.remove(path).git('add', '-A');
    repository.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},${path}`);
    repository.commitStaged();
    attempt(() => repository.git('reset', '-q', '--hard'));
  },
  author: (repository, { path, text }) => {
    repository.remove(path).write({ [path]: `${text}\n` });
    commitAs(
      repository,
      '--author',
      `Ä ${text.trim() || 'x'} <a@b>`,
      '--cleanup=verbatim',
      '-m',
      ` ${text} \nmore\t\n\nbody`,
    );
  },
  encoding: (repository, { path, text }) => {
    repository.remove(path).write({ [path]: `${text}-` });
    repository.git('config', 'i18n.commitEncoding', 'ISO-8859-1');
    commitAs(repository, '-m', 'an encoding');
    repository.git('config', '--unset', 'i18n.commitEncoding');
  },
  branch: (repository) => repository.git('checkout', '-q', '-B', 'other'),
  back: (repository) => attempt(() => repository.git('checkout', '-q', 'main')),
  detach: (repository) => repository.git('checkout', '-q', '--detach'),
  amend: (repository, { path, text }) => {
    repository.remove(path).write({ [path]: text });
    commitAs(repository, '--amend', '-m', 'amended');
  },
  reset: (repository) => attempt(() => repository.git('reset', '-q', '--hard', 'HEAD~1')),
  merge: (repository) =>
    attempt(() => repository.git('merge', '-q', '--no-ff', '-X', 'ours', '-m', 'merge', 'main', 'other')),
  gc: (repository) => repository.git('gc', '-q', '--prune=now'),
  repack: (repository) => repository.git('repack', '-q', '-a', '-d', '--depth=4'),
  pack: (repository) => repository.git('repack', '-q', '-d'),
  tag: (repository) => repository.git('tag', '-f', 'v1'),
  tagAsBranch: (repository) => repository.git('tag', '-f', '-a', '-m', 'tag', 'other', 'HEAD'),
  noTag: (repository) => attempt(() => repository.git('tag', '-d', 'other')),
  fetched: (repository) => repository.git('update-ref', 'refs/remotes/origin/main', 'HEAD'),
  symbolic: (repository) => repository.git('symbolic-ref', 'refs/heads/side.x', 'refs/heads/main'),
  pseudo: (repository) => repository.git('update-ref', 'refs/v1', 'HEAD'),
  packRefs: (repository) => repository.git('pack-refs', '--all'),
  order: (repository) => {
    writeFileSync(join(repository.root, '.git', 'order'), 'z*\n');
    repository.git('config', 'diff.orderFile', join(repository.root, '.git', 'order'));
  },
  replace: (repository) => attempt(() => repository.git('replace', '-f', 'HEAD', 'HEAD~1')),
  replaceNoMore: (repository) => attempt(() => repository.git('replace', '-d', 'HEAD')),
};

const paths = [
  'a',
  'a-b',
  'a/x',
  'a.b/c',
  'b/deep/er/file.json',
  'b/deep/x',
  'ä/ö',
  'z/\u{1F600}',
  'z/\uF8FF',
  'odd name',
];
const step = fc.record({
  kind: fc.constantFrom(...Object.keys(steps)),
  path: fc.constantFrom(...paths),
  text: fc.constantFrom('one', 'b/deep', 'x\n'.repeat(500), `${'y\n'.repeat(500)}end`, 'a', '', 'ü'),
});

describe('a repository held by a process that stays', () => {
  it('tells after any sequence of changes what git tells a fresh process', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 16 }), async (sequence) => {
        using folder = new TemporaryFolder();
        const made = folder.repository('a').write({ 'a/x': '1', 'b/deep/x': '2', README: 'r' });
        const resident = new ResidentRepositories({}, { stays: true });
        const known = [made.commit('begin')];
        for (const { kind, path, text } of sequence) {
          attempt(() => steps[kind]?.(made, { path, text }));
          const fresh = opened(made);
          expect(await told(resident.of(fresh), known, resident)).toEqual(await told(fresh, known));
          known.push(made.git('rev-parse', 'HEAD'));
        }
      }),
      { numRuns: times(6) },
    );
  });

  it('reads long chains of deltas, borrowed objects and linked work trees, in both formats of ids', async () => {
    for (const hash of ['sha1', 'sha256']) {
      using folder = new TemporaryFolder();
      const made = new TemporaryRepository(folder.at('a'), ['init', '-q', '-b', 'main', `--object-format=${hash}`]);
      const lines = Array.from({ length: 400 }, (_, at) => `line ${at}\n`);
      for (let turn = 0; turn < 20; turn++) {
        lines[turn * 7] = `turn ${turn}\n`;
        made.write({ text: lines.join(''), [`folder-${turn}/file`]: `${turn}` }).commit();
      }
      made.git('gc', '-q', '--aggressive', '--prune=now');
      made.git('clone', '-q', '--shared', made.root, folder.at('borrowing'));
      made.git('worktree', 'add', '-q', '--detach', folder.at('linked'), 'HEAD~3');
      const resident = new ResidentRepositories({}, { stays: true });
      for (const root of [made.root, folder.at('borrowing'), folder.at('linked')]) {
        const fresh = opened({ root });
        const near = resident.of(fresh).resident;
        const ids = made.git('rev-list', '--objects', '--no-object-names', 'HEAD').split('\n');
        const blobs = ids.filter((id) => made.git('cat-file', '-t', id) === 'blob');
        for (const id of blobs) expect(near?.blob(id)?.toString().trim()).toBe(made.git('cat-file', 'blob', id));
        expect(await told(resident.of(fresh), [], resident)).toEqual(await told(fresh, []));
      }
    }
  });

  it('leaves to git what is cut off, grafted or damaged', async () => {
    using folder = new TemporaryFolder();
    const made = folder.repository('a').write({ x: '1' });
    made.commit();
    const blob = made.git('rev-parse', 'HEAD:x');
    const resident = new ResidentRepositories({}, { stays: true });
    expect(resident.of(opened(made)).resident?.blob(blob)?.toString()).toBe('1');
    const file = join(made.root, '.git', 'objects', blob.slice(0, 2), blob.slice(2));
    chmodSync(file, 0o644);
    writeFileSync(file, 'damage');
    expect(resident.of(opened(made)).resident?.blob(blob)).toBeUndefined();
    expect(resident.of(opened(made)).resident?.blob('0'.repeat(40))).toBeUndefined();
    made.write({ '.git/shallow': '' });
    expect(resident.of(opened(made)).resident).toBeUndefined();
  });
});
