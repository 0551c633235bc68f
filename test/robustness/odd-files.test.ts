import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adageFiles, commitAll, estateMaker, terragruntFiles } from '../support/estates.ts';
import { karma, karmaOk } from '../support/karma.ts';

/** Links, named pipes and devices where a file is looked for: nothing outside is read or written, and nothing waits. */

const { folder, repository } = estateMaker();
const files = { ...adageFiles, ...terragruntFiles, 'schemas/app.schema.json': '{}\n' };

const odd: Readonly<Record<string, (path: string) => void>> = {
  'a link out of the estate': (path) => {
    writeFileSync(join(folder, 'outside'), 'estate: outside\n');
    symlinkSync(join(folder, 'outside'), path);
  },
  'a link to a device': (path) => symlinkSync('/dev/zero', path),
  'a named pipe': (path) => execFileSync('mkfifo', [path]),
  'a link to a folder': (path) => symlinkSync('/', path),
  'a link to itself': (path) => symlinkSync(path, path),
};

describe.each(Object.entries(odd))('%s', (_name, make) => {
  const put = (path: string): string => {
    const estate = repository(files);
    rmSync(join(estate, path), { force: true });
    make(join(estate, path));
    return estate;
  };

  it('in the place of karma.yaml is an error that names it', async () => {
    const { code, stdout, stderr } = await karma(['list', '-C', put('karma.yaml')]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error KARMA_UNREADABLE {2}\S+karma\.yaml cannot be read/);
  });

  it('in the place of the baseline is neither read nor written', async () => {
    const estate = put('.karma-baseline.json');
    expect((await karma(['check', '-C', estate])).stderr).toMatch(/KARMA_(UNREADABLE|INPUT_INVALID)/);
    const before = existsSync(join(folder, 'outside')) ? readFileSync(join(folder, 'outside'), 'utf8') : '';
    const { code, stderr } = await karma(['check', '--write-baseline', '-C', estate]);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/KARMA_(REFUSED|UNREADABLE)/);
    expect(lstatSync(join(estate, '.karma-baseline.json')).isFile()).toBe(false);
    if (before !== '') expect(readFileSync(join(folder, 'outside'), 'utf8')).toBe(before);
  });

  it.each([
    'account_environments/acme-dev.json',
    'iac/dev/app/web/config.json',
    'live/dev/app/terragrunt.hcl',
    'schemas/app.schema.json',
    'root.hcl',
  ])('in the place of %s takes away no other component', async (path) => {
    const estate = put(path);
    const answer = await karma(['list', '-q', '-C', estate]);
    expect(answer.code, answer.stderr).toBe(0);
    for (const id of ['dev/vpc/main', 'live/dev/vpc']) expect(answer.stdout).toContain(id);
    expect([0, 2]).toContain((await karma(['check', '-C', estate])).code);
  });
});

it('a named pipe that git reads ends git, and the question with an error', async () => {
  const estate = repository(files);
  execFileSync('mkfifo', [join(estate, '.gitignore')]);
  // Only where something is untracked git goes by what it says.
  writeFileSync(join(estate, 'new.txt'), '');
  const { code, stderr } = await karma(['list', '-C', estate], { env: { KARMA_GIT_IDLE: '1' } });
  expect(code).toBe(1);
  expect(stderr).toMatch(/KARMA_GIT.*ended[\s\S]*named pipe/);
});

it('a baseline is put in its place as a whole, through a link only within the estate', async () => {
  const estate = repository(files);
  writeFileSync(join(estate, 'accepted.json'), '{}');
  symlinkSync('accepted.json', join(estate, '.karma-baseline.json'));
  commitAll(estate, 'a link');
  await karmaOk(['check', '--write-baseline', '-C', estate]);
  expect(JSON.parse(readFileSync(join(estate, 'accepted.json'), 'utf8'))).toMatchObject({ schemaVersion: 1 });
  expect(lstatSync(join(estate, '.karma-baseline.json')).isSymbolicLink()).toBe(true);
});
