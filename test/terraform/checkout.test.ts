import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkoutCommit, removeCheckout } from '../../src/run/checkout.ts';
import { temporaryFolder, writeFiles } from './real-terraform.fixture.ts';

function repository() {
  const root = temporaryFolder();
  const work = writeFiles(join(root, 'work'), {
    'live/app/main.tf': 'module "m" { source = "../../modules/m" }',
    'modules/m/main.tf': '# one',
    'docs/left-out.md': 'kept all the same',
    '.gitattributes': 'docs export-ignore\n',
    '.gitignore': 'secret.auto.tfvars\n',
    'live/app/secret.auto.tfvars': 'x = 1',
  });
  const git = (...args: string[]) =>
    execFileSync(
      'git',
      ['-C', work, '-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'init.defaultBranch=main', ...args],
      {
        encoding: 'utf8',
        env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' },
      },
    ).trim();
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'one');
  const first = git('rev-parse', 'HEAD');
  writeFileSync(join(work, 'modules/m/main.tf'), '# two');
  git('commit', '-q', '-am', 'two');
  return { root, work, first, gitDir: join(work, '.git'), status: () => git('status', '--porcelain') };
}

describe('a checkout for a deploy', () => {
  it('holds the commit, the whole of it, and leaves the work tree and its index alone', async () => {
    const { root, work, first, gitDir, status } = repository();
    const into = await checkoutCommit({ gitDir, commit: first, into: join(root, 'out'), deploy: 'd1' });
    expect(readFileSync(join(into, 'modules/m/main.tf'), 'utf8')).toBe('# one');
    expect(existsSync(join(into, 'docs/left-out.md'))).toBe(true);
    expect(existsSync(join(into, 'live/app/secret.auto.tfvars'))).toBe(false);
    expect(readFileSync(join(work, 'modules/m/main.tf'), 'utf8')).toBe('# two');
    expect(status()).toBe('');
  });

  it('is used again by the same deploy, and made anew by another', async () => {
    const { root, first, gitDir } = repository();
    const options = { gitDir, commit: first, into: join(root, 'out'), deploy: 'd1' };
    await checkoutCommit(options);
    writeFileSync(join(root, 'out', 'made-by-a-run'), '');
    await checkoutCommit(options);
    expect(existsSync(join(root, 'out', 'made-by-a-run'))).toBe(true);
    await checkoutCommit({ ...options, deploy: 'd2' });
    expect(existsSync(join(root, 'out', 'made-by-a-run'))).toBe(false);
    removeCheckout(options.into);
    expect(existsSync(options.into)).toBe(false);
  });

  it('takes ignored files along only where they are named, and none from outside', async () => {
    const { root, work, first, gitDir } = repository();
    const options = { gitDir, commit: first, into: join(root, 'out'), deploy: 'd1', workTree: work };
    await checkoutCommit({ ...options, ignored: ['live/app/secret.auto.tfvars'] });
    expect(lstatSync(join(root, 'out/live/app/secret.auto.tfvars')).isFile()).toBe(true);
    await expect(checkoutCommit({ ...options, deploy: 'd2', ignored: ['../outside'] })).rejects.toMatchObject({
      code: 'KARMA_CONFIG_INVALID',
    });
    await expect(checkoutCommit({ ...options, deploy: 'd3', ignored: ['none'] })).rejects.toMatchObject({
      code: 'KARMA_NOT_FOUND',
    });
  });

  it('says which commit is not there', async () => {
    const { root, gitDir } = repository();
    const commit = '1'.repeat(40);
    await expect(checkoutCommit({ gitDir, commit, into: join(root, 'out'), deploy: 'd' })).rejects.toMatchObject({
      code: 'KARMA_GIT',
    });
  });
});
