import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adageFiles, commitAll, estateMaker, terragruntFiles, writeFiles } from '../support/estates.ts';
import { entry, git, karma, karmaJson, karmaOk, karmaSeveral } from '../support/karma.ts';

/** Every shape in which people have a repository. */

const { folder, plain, repository } = estateMaker();
const both = ['dev/app/web', 'dev/vpc/main'];

interface Listing {
  readonly view: { readonly kind: string; readonly label: string };
  readonly components: readonly { readonly id: string }[];
}

async function ids(args: readonly string[]): Promise<string[]> {
  const listing = await karmaJson<Listing>(['list', ...args]);
  return listing.components.map(({ id }) => id);
}

/** Adds a third component and commits. */
function withQueue(estate: string): void {
  writeFiles(estate, { 'iac/dev/vpc/other/config.json': '{ "cidr": "10.9.0.0/16" }\n' });
  commitAll(estate, 'two');
}

const three = [...both, 'dev/vpc/other'];

describe.concurrent('a repository', () => {
  it('that is bare is read at HEAD and at any ref', async () => {
    const estate = repository(adageFiles);
    withQueue(estate);
    const bare = join(folder, 'bare.git');
    git(folder, 'clone', '-q', '--bare', estate, bare);
    expect(await ids(['-C', bare])).toEqual(three);
    expect(await ids(['-C', bare, '--at', 'main~1'])).toEqual(both);
    expect((await karmaJson<Listing>(['list', '-C', bare])).view.label).toMatch(/^main at /);
    const { stdout } = await karmaOk(['build', '-C', bare]);
    expect(stdout).toContain('v1');
    expect(existsSync(join(bare, 'karma', 'ledger.db'))).toBe(true);
  });

  it('without a commit is read as it is; there is nothing to build, and it says so', async () => {
    const estate = plain(adageFiles);
    git(estate, 'init', '-q', '-b', 'main');
    expect(await ids(['-C', estate])).toEqual(both);
    const { code, stderr } = await karma(['list', '-C', estate, '--at', 'HEAD~1']);
    expect(code).toBe(64);
    expect(stderr).toContain('KARMA_NO_SUCH_REVISION');
    const built = await karma(['build', '-C', estate]);
    expect(built).toMatchObject({ code: 64, stdout: '' });
    expect(built.stderr).toMatch(/no commit yet/);
  });

  it('with a detached HEAD is named by its commit', async () => {
    const estate = repository(adageFiles);
    withQueue(estate);
    git(estate, 'checkout', '-q', 'HEAD~1');
    const { view } = await karmaJson<Listing>(['list', '-C', estate]);
    expect(view.label).toMatch(/detached HEAD at [0-9a-f]{7}/);
    expect(await ids(['-C', estate])).toEqual(both);
    expect(await ids(['-C', estate, '--at', 'main'])).toEqual(three);
  });

  it('that is shallow names the command that fetches what is missing', async () => {
    const estate = repository(adageFiles);
    withQueue(estate);
    const shallow = join(folder, 'shallow');
    git(folder, 'clone', '-q', '--depth', '1', `file://${estate}`, shallow);
    expect(await ids(['-C', shallow])).toEqual(three);
    const asked = [
      ['list', '--at', 'HEAD~1'],
      ['impact', '--since', 'HEAD~1'],
      ['diff', 'HEAD~1..HEAD'],
      ['check', '--since', 'HEAD~1'],
      ['order', '--since', 'HEAD~1'],
      ['list', '[HEAD~1...HEAD]'],
    ];
    for (const { code, stderr, stdout } of await karmaSeveral(asked.map((args) => [...args, '-C', shallow]))) {
      expect(stderr).toContain('KARMA_SHALLOW');
      expect(stderr).toContain(`git -C ${shallow} fetch --unshallow`);
      expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    }
  });

  it('that is shallow and lacks the other branch says that it was not fetched', async () => {
    const estate = repository(adageFiles);
    git(estate, 'checkout', '-q', '-b', 'topic');
    withQueue(estate);
    const shallow = join(folder, 'one-branch');
    git(folder, 'clone', '-q', '--depth', '1', '--branch', 'topic', `file://${estate}`, shallow);
    for (const range of ['main...HEAD', 'origin/main...HEAD']) {
      const { code, stderr } = await karma(['impact', '--since', range, '-C', shallow]);
      expect({ code, range }).toEqual({ code: 64, range });
      expect(stderr).toMatch(/KARMA_SHALLOW|KARMA_NO_SUCH_REVISION/);
      expect(stderr).toContain('fetch');
    }
  });

  it('that is partial is read without fetching; what is not there is a finding', async () => {
    const estate = repository(adageFiles);
    withQueue(estate);
    git(estate, 'config', 'uploadpack.allowFilter', 'true');
    const partial = join(folder, 'partial');
    git(folder, 'clone', '-q', '--filter=blob:none', '--no-checkout', `file://${estate}`, partial);
    renameSync(estate, `${estate}-gone`);
    const { code, stderr, stdout } = await karma(['list', '-C', partial, '--at', 'HEAD']);
    expect(`${code} ${stderr}${stdout}`).toMatch(/KARMA_SHALLOW|dev\/vpc\/other/);
    if (code !== 0) expect(stderr).toContain('fetch');
  });

  it('in a work tree of its own shares versions with the others', async () => {
    const estate = repository(adageFiles);
    const other = join(folder, 'worktree');
    git(estate, 'worktree', 'add', '-q', '-b', 'topic', other);
    withQueue(other);
    expect(await ids(['-C', other])).toEqual(three);
    expect(await ids(['-C', estate])).toEqual(both);
    await karmaOk(['build', '-C', other]);
    const { versions } = await karmaJson<{ versions: readonly unknown[] }>(['graph', 'versions', '-C', estate]);
    expect(versions).toHaveLength(1);
  });

  it('may be a submodule, checked out or not', async () => {
    const inner = repository({ 'modules/x/main.tf': 'output "a" { value = 1 }\n' });
    const estate = repository(adageFiles);
    git(estate, 'submodule', 'add', '-q', inner, 'shared');
    commitAll(estate, 'submodule');
    const clone = join(folder, 'without-submodule');
    git(folder, 'clone', '-q', estate, clone);
    expect(await ids(['-C', estate])).toEqual(both);
    expect(await ids(['-C', clone])).toEqual(both);
    const { stdout } = await karma(['check', '-C', clone]);
    expect(stdout).toContain('source-not-read');
    expect(stdout).toContain('git submodule update --init');
  });

  it('may hold the estate in a subfolder', async () => {
    const files = Object.fromEntries(Object.entries(adageFiles).map(([path, text]) => [`infra/acme/${path}`, text]));
    const estate = repository({ ...files, 'README.md': '# not ours\n' });
    const inside = join(estate, 'infra/acme');
    expect(await ids(['-C', inside])).toEqual(both);
    expect(await ids(['-C', join(inside, 'iac/dev')])).toEqual(both);
    expect(await ids(['-C', inside, '--at', 'HEAD'])).toEqual(both);
    const shown = await karmaOk(['show', '.', '-C', join(inside, 'iac/dev/app/web')]);
    expect(shown.stdout).toContain('dev/app/web');
    await karmaOk(['build', '-C', inside]);
  });

  it('may be no repository at all', async () => {
    const estate = plain(terragruntFiles);
    expect(await ids(['-C', estate])).toEqual(['live/dev/app', 'live/dev/vpc']);
    await karmaOk(['build', '-C', estate, '--data', join(folder, 'plain-data')]);
    const { code, stderr } = await karma(['impact', '--since', 'main', '-C', estate]);
    expect(code).toBe(64);
    expect(stderr).toContain('is no Git repository');
  });

  it('may hold two layouts', async () => {
    const estate = repository({ ...adageFiles, ...terragruntFiles });
    expect(await ids(['-C', estate])).toEqual([...both, 'live/dev/app', 'live/dev/vpc']);
    expect(await ids(['-C', estate, '--layout', 'terragrunt'])).toEqual(['live/dev/app', 'live/dev/vpc']);
  });
});

describe.concurrent('links', () => {
  it('out of the estate are not followed and are named', async () => {
    const estate = repository(adageFiles);
    const secret = plain({
      'config.json': '{ "vpc_nickname": "OUTSIDE" }\n',
      'main.tf': 'output "OUTSIDE" { value = 1 }\n',
    });
    mkdirSync(join(estate, 'iac/dev/app/linked'));
    symlinkSync(join(secret, 'config.json'), join(estate, 'iac/dev/app/linked/config.json'));
    symlinkSync('/etc', join(estate, 'iac/dev/etc'));
    rmSync(join(estate, 'components/app'), { recursive: true });
    symlinkSync(secret, join(estate, 'components/app'));
    const { stdout } = await karmaOk(['export', '-C', estate]);
    expect(stdout).not.toContain('OUTSIDE');
    const { stdout: checked } = await karma(['check', '-C', estate]);
    expect(checked.match(/symlink-outside/g)).toHaveLength(3);
    commitAll(estate, 'links');
    const committed = await karmaOk(['export', '-C', estate, '--at', 'HEAD']);
    expect(committed.stdout).not.toContain('OUTSIDE');
  });

  it('in circles end', async () => {
    const estate = repository({ ...adageFiles, ...terragruntFiles });
    symlinkSync('.', join(estate, 'iac/dev/again'));
    symlinkSync('b', join(estate, 'iac/a'));
    symlinkSync('a', join(estate, 'iac/b'));
    symlinkSync('../..', join(estate, 'live/dev/up'));
    symlinkSync('..', join(estate, 'components/vpc/up'));
    expect(await ids(['-C', estate])).toEqual([...both, 'live/dev/app', 'live/dev/vpc']);
    commitAll(estate, 'circles');
    expect(await ids(['-C', estate, '--at', 'HEAD'])).toEqual([...both, 'live/dev/app', 'live/dev/vpc']);
  });
});

describe.concurrent('many', () => {
  it('paths to nowhere are findings, and none is given a match', async () => {
    const units = Array.from({ length: 600 }, (_one, i) => [
      `live/u${i}/terragrunt.hcl`,
      Array.from({ length: 10 }, (_two, j) => `dependency "d${j}" { config_path = "../gone${i}-${j}" }\n`).join(''),
    ]);
    const estate = plain(Object.fromEntries(units));
    const { stdout } = await karmaOk(['export', '-C', estate]);
    const lines = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { kind: string; code?: string });
    expect(lines.filter(({ kind }) => kind === 'reference')).toEqual([]);
    expect(lines.filter(({ code }) => code === 'dangling-reference')).toHaveLength(6000);
  });

  it('files without a unit among them are an empty answer, not a slow one', async () => {
    const estate = plain({});
    for (let i = 0; i < 200; i += 1) {
      mkdirSync(join(estate, `src/p${i}`), { recursive: true });
      for (let j = 0; j < 50; j += 1) writeFileSync(join(estate, `src/p${i}/f${j}.ts`), '');
    }
    execFileSync('git', ['init', '-q', estate]);
    commitAll(estate, 'many');
    const { stdout } = await karmaOk(['-C', estate]);
    expect(stdout).toContain('0 components');
    expect(readdirSync(estate)).toEqual(['.git', 'src']);
  });
});

/** Root may read everything, so as root it is somebody else who asks. */
const asNobody = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
const [first = 'true', ...others] = [...asNobody, process.execPath, '--version'];
const someoneElse = spawnSync(first, others).status === 0;

describe.skipIf(!someoneElse)('what may not be read (needs setpriv when run as root)', () => {
  const through = [...asNobody, process.execPath, entry];

  it('is a finding, and what Git holds of it stands', async () => {
    const estate = repository(adageFiles);
    chmodSync(folder, 0o755);
    chmodSync(join(estate, 'iac/dev/vpc/main/config.json'), 0);
    chmodSync(join(estate, 'components/app'), 0);
    if (asNobody.length > 0) execFileSync('chown', ['-R', '65534:65534', estate]);
    const env = { HOME: folder };
    const listed = await karmaJson<Listing>(['list', '-C', estate], { through, env });
    expect(listed.components).toMatchObject([{ id: 'dev/app/web', dependsOn: 1 }, { id: 'dev/vpc/main' }]);
    const { code, stdout } = await karma(['check', '-C', estate], { through, env });
    expect(code).toBe(2);
    for (const place of ['components/app', 'iac/dev/vpc/main/config.json'])
      expect(stdout).toContain(`${place} cannot be read: EACCES`);
    chmodSync(join(estate, 'components/app'), 0o755);
  });

  it('is an error where it is the whole estate', async () => {
    const estate = plain(adageFiles);
    if (asNobody.length > 0) execFileSync('chown', ['65534:65534', estate]);
    chmodSync(estate, 0o111);
    const { code, stderr } = await karma(['list', '-C', estate], { through, env: { HOME: folder } });
    chmodSync(estate, 0o755);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/KARMA_UNREADABLE.*EACCES/) as string });
  });
});

describe('an index that cannot be read', () => {
  it('is told with what makes it anew, not as a bug', async () => {
    const estate = repository(adageFiles);
    rmSync(join(estate, '.git/index'));
    mkdirSync(join(estate, '.git/index'));
    const { code, stderr } = await karma(['list', '-C', estate]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/KARMA_GIT .*cannot be read \(EISDIR\)[\s\S]*git reset/)]);
  });
});
