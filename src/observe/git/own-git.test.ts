import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followedBranch } from './followed-branch.ts';
import { programsNamed } from './git-programs.ts';
import { findRepository, readHead, repositoryAt } from './git-repository.ts';
import { resolveRevision } from './revision.ts';
import { TemporaryFolder, TemporaryRepository } from './temporary-repository.ts';

const folder = new TemporaryFolder();
const whole = folder
  .repository('whole')
  .write({ 'live/vpc/terragrunt.hcl': 'unit', '.gitattributes': '*.hcl diff=x\n' });
const theirs = folder.repository('theirs').write({ 'theirs.tf': 'a secret' });
afterAll(() => folder[Symbol.dispose]());
beforeAll(() => {
  whole.commit();
  theirs.commit();
});

let count = 0;
function copy(): TemporaryRepository {
  count += 1;
  const root = folder.at(`copy-${count}`);
  cpSync(whole.root, root, { recursive: true });
  return new TemporaryRepository(root, []);
}

/** In the place of whatever stands there. */
function put(path: string, make: (path: string) => void): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(join(path, '..'), { recursive: true });
  make(path);
}
const pipe = (path: string) => put(path, (place) => execFileSync('mkfifo', [place]));
const link = (path: string, target: string) => put(path, (place) => symlinkSync(target, place));
const text = (path: string, said: string) => put(path, (place) => writeFileSync(place, said));

describe('a folder that somebody handed over with its `.git`', () => {
  const git = join(theirs.root, '.git');
  it.each<[string, (at: string) => void]>([
    ['its `.git` names another repository', (at) => text(join(at, '.git'), `gitdir: ${git}\n`)],
    ['its `.git` is a link to one', (at) => link(join(at, '.git'), git)],
    ['it shares what another one has', (at) => text(join(at, '.git/commondir'), `${git}\n`)],
    [
      'its work tree is another one',
      (at) => writeFileSync(join(at, '.git/config'), `[core]worktree = "${theirs.root}"\n`),
    ],
    [
      'its own settings name another work tree',
      (at) => {
        text(join(at, '.git/config'), '[core]\n repositoryformatversion = 1\n[extensions]\n worktreeConfig = true\n');
        text(join(at, '.git/config.worktree'), `[core]\n\tworktree = ../..\n`);
      },
    ],
    ['its objects are those of another one', (at) => link(join(at, '.git/objects'), join(git, 'objects'))],
    ['its branches are', (at) => link(join(at, '.git/refs'), join(git, 'refs'))],
    ['one of its branches is', (at) => link(join(at, '.git/refs/heads/main'), join(git, 'refs/heads/main'))],
    ...['HEAD', 'config', 'index', 'packed-refs', 'info/exclude', 'objects/info/alternates', 'refs/heads/main'].flatMap(
      (path): [string, (at: string) => void][] => [
        [`${path} is a pipe`, (at) => pipe(join(at, '.git', path))],
        [`${path} is a device`, (at) => link(join(at, '.git', path), '/dev/zero')],
      ],
    ),
  ])('is refused where %s', (_, make) => {
    const { root } = copy();
    make(root);
    expect(() => findRepository(root)).toThrow(expect.objectContaining({ code: 'KARMA_GIT' }));
  });

  it('is read where the other place says that the two belong together', () => {
    const estate = copy();
    estate.git('worktree', 'add', '-q', folder.at('linked'), '-b', 'more');
    expect(findRepository(folder.at('linked'))?.root).toBe(folder.at('linked'));
    const apart = copy();
    renameSync(join(apart.root, '.git'), folder.at('apart.git'));
    text(join(apart.root, '.git'), `gitdir: ${folder.at('apart.git')}\n`);
    expect(() => findRepository(apart.root)).toThrow('leads out of this repository');
    apart.git('config', 'core.worktree', apart.root);
    expect(findRepository(apart.root)?.gitDir).toBe(folder.at('apart.git'));
  });

  it('names no branch by a way out of it', () => {
    const { root } = copy();
    text(join(root, '.git/HEAD'), `ref: refs/../../../theirs/.git/refs/heads/main\n`);
    const found = repositoryAt(root);
    expect(() => found && readHead(found)).toThrow(expect.objectContaining({ code: 'KARMA_GIT' }));
  });

  it('brings no work tree of another repository along when its branch moves', async () => {
    const { root } = copy();
    mkdirSync(join(root, '.git/worktrees/w'), { recursive: true });
    for (const [name, said] of [
      ['gitdir', `${git}\n`],
      ['HEAD', 'ref: refs/heads/main\n'],
      ['commondir', '../..\n'],
    ] as const)
      writeFileSync(join(root, '.git/worktrees/w', name), said);
    const found = findRepository(root);
    if (found === undefined) throw new Error('it is a repository');
    const { workTrees } = await followedBranch(found, 'main');
    expect(workTrees.map((one) => one.root)).toEqual([root]);
  });

  it('changes nothing of what git says by its settings', async () => {
    const estate = copy();
    for (const [key, value] of [
      ['i18n.logOutputEncoding', 'utf-16'],
      ['diff.orderFile', '/nowhere'],
      ['mailmap.file', '/dev/zero'],
      ['log.follow', 'true'],
    ] as const)
      estate.git('config', key, value);
    const found = findRepository(estate.root);
    if (found === undefined) throw new Error('it is a repository');
    expect((await resolveRevision(found, 'HEAD~0')).commit).toBe(whole.git('rev-parse', 'HEAD'));
  });

  it('tells the programs that git would start on its way to others', () => {
    const estate = copy();
    for (const [key, value] of [
      ['core.sshCommand', 'touch ran'],
      ['credential.helper', 'store --file=x'],
      ['credential.https://example.org.helper', '!touch ran'],
      ['credential.helper', 'store; touch ran'],
      ['remote.origin.uploadpack', 'touch ran'],
      ['user.name', 'somebody'],
    ] as const)
      estate.git('config', '--add', key, value);
    text(folder.at('more'), '[remote "x"]\n\tvcs = ran\n');
    estate.git('config', 'include.path', folder.at('more'));
    expect(
      programsNamed({ root: join(estate.root, '.git'), bare: true })
        .map(({ key }) => key)
        .sort(),
    ).toEqual([
      'git.core.sshcommand',
      'git.credential.helper',
      'git.credential.https://example.org.helper',
      'git.remote.origin.uploadpack',
      'git.remote.x.vcs',
    ]);
  });
});
