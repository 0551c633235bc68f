import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openEstate } from '../../src/observe/estate/estate.ts';
import { findEstateRoot } from '../../src/observe/estate/estate-root.ts';
import { TemporaryFolder, TemporaryRepository } from '../../src/observe/git/temporary-repository.ts';

let folder: TemporaryFolder;
beforeEach(() => {
  folder = new TemporaryFolder();
});
afterEach(() => folder[Symbol.dispose]());

function plain(name: string): TemporaryRepository {
  return new TemporaryRepository(folder.at(name), []);
}

const binding = JSON.stringify({
  name: 'acme-dev',
  environment: 'dev',
  config_repo: 'https://github.com/acme/aws-config.git',
  config_branch: 'main',
  iac_repo: 'https://github.com/acme/aws-iac.git',
  iac_branch: 'dev',
});

function adage(): TemporaryRepository {
  const made = folder.repository('aws-config').write({
    'account_environments/acme-dev.json': binding,
    'iac/dev/vpc/main/config.json': '{}',
  });
  made.commit();
  return made;
}

describe('the root is', () => {
  test('the top of the repository', () => {
    const made = adage();
    const root = findEstateRoot({ cwd: join(made.root, 'iac/dev') });
    expect(root).toMatchObject({ folder: made.root, scope: '', workingDirectory: 'iac/dev', karmaFile: undefined });
  });

  test('the folder of the nearest karma.yaml that is meant for Karma', () => {
    const made = adage().write({ 'karma.yaml': 'estate: acme\n', 'iac/karma.yaml': 'browsers: [Chrome]\n' });
    const root = findEstateRoot({ cwd: join(made.root, 'iac/dev') });
    expect(root.folder).toBe(made.root);
    expect(root.karmaFile?.estate).toBe('acme');
    expect(root.passedOver).toMatchObject([{ path: join(made.root, 'iac/karma.yaml') }]);
  });

  test('a subfolder with a karma.yaml, from where the rest of the repository is still in reach', async () => {
    const made = adage().write({ 'iac/karma.yaml': 'estate: inner\n', 'modules/vpc/main.tf': 'm' });
    const estate = await openEstate({ cwd: join(made.root, 'iac') });
    const { main } = estate.view;
    expect([estate.name, estate.root.scope, main.repoRoot]).toEqual(['inner', 'iac', '..']);
    expect(main.files()).toEqual(['dev/vpc/main/config.json', 'karma.yaml']);
    expect(main.read('../modules/vpc/main.tf')).toBe('m');
    expect(main.list('..').map(({ name }) => name)).toEqual(['account_environments', 'iac', 'modules']);
    expect([main.read('../../x'), main.isDirectory('../..'), main.files('../..')]).toEqual([undefined, false, []]);
  });

  test('a plain folder', async () => {
    const made = plain('folder').write({ 'live/vpc/terragrunt.hcl': '' });
    const estate = await openEstate({ cwd: made.root });
    expect(estate.view.main.files()).toEqual(['live/vpc/terragrunt.hcl']);
    expect(estate.name).toBe('folder');
    await expect(openEstate({ cwd: made.root, at: 'main' })).rejects.toMatchObject({ code: 'KARMA_NO_SUCH_REVISION' });
  });

  test('nowhere', async () => {
    await expect(openEstate({ cwd: folder.at('none') })).rejects.toMatchObject({ code: 'KARMA_NO_ESTATE' });
  });
});

test('a bare repository is an estate, with the karma.yaml of its commit', async () => {
  const made = adage().write({ 'karma.yaml': 'estate: acme\n' });
  made.commit();
  new TemporaryRepository(folder.path, []).git('clone', '-q', '--bare', made.root, folder.at('bare.git'));
  const estate = await openEstate({ cwd: folder.at('bare.git') });
  expect(estate.name).toBe('acme');
  expect(estate.sources[0]).toMatchObject({ source: '', read: true, branch: 'main', dirty: 0 });
  expect(estate.view.main.isFile('iac/dev/vpc/main/config.json')).toBe(true);
});

test('at a revision nothing of the work tree counts', async () => {
  const made = adage();
  made.write({ 'iac/dev/vpc/main/config.json': '{"a":1}', 'karma.yaml': 'estate: later\n' }).commit();
  made.write({ 'iac/dev/vpc/main/config.json': '{"a":2}' });
  const read = async (at?: string) => {
    const estate = await openEstate({ cwd: made.root, at });
    return [estate.name, estate.view.main.read('iac/dev/vpc/main/config.json')];
  };
  expect(await read()).toEqual(['later', '{"a":2}']);
  expect(await read('HEAD')).toEqual(['later', '{"a":1}']);
  expect(await read('main~1')).toEqual(['aws-config', '{}']);
});

describe('other repositories', () => {
  function modules(name = 'aws-iac'): TemporaryRepository {
    const made = folder.repository(name).write({ 'components/vpc/main.tf': 'v1' });
    made.commit();
    return made;
  }

  test('a checkout beside the config repository that a binding names is found by its folder', async () => {
    const made = adage();
    modules();
    const estate = await openEstate({ cwd: made.root });
    expect([...estate.view.repos.keys()]).toEqual(['', 'aws-iac']);
    expect(estate.sources[1]).toMatchObject({
      source: 'aws-iac',
      read: true,
      why: expect.stringContaining('acme-dev'),
    });
    expect(estate.findings()).toMatchObject(
      [
        { code: 'ref-not-followed', subject: 'binding acme-dev', key: 'iac_branch', message: /dev .*not there.*main/ },
      ].map((finding) => ({ ...finding, message: expect.stringMatching(finding.message) })),
    );
  });

  test('… or by its remote, and is called as the remote is', async () => {
    const made = adage();
    modules('checkout-7').git('remote', 'add', 'origin', 'git@github.com:acme/aws-iac.git');
    const estate = await openEstate({ cwd: made.root });
    expect(estate.view.repos.get('aws-iac')?.read('components/vpc/main.tf')).toBe('v1');
  });

  test('one that is not there is a line in the manifest and a finding', async () => {
    const estate = await openEstate({ cwd: adage().root });
    expect(estate.sources[1]).toMatchObject({ source: 'aws-iac', read: false, reason: 'no checkout of it was found' });
    expect(estate.findings().map(({ code }) => code)).toEqual(['source-not-read']);
  });

  test('by hand: a path, a path at a revision, a name of one’s own; paths may hold an @', async () => {
    const made = adage();
    const iac = modules('else@where');
    iac.write({ 'components/vpc/main.tf': 'v2' }).commit();
    iac.write({ 'components/vpc/main.tf': 'v3' });
    const read = async (repo: string, name: string) => {
      const estate = await openEstate({ cwd: made.root, repos: [repo] });
      return estate.view.repos.get(name)?.read('components/vpc/main.tf');
    };
    expect(await read('../else@where', 'else@where')).toBe('v3');
    expect(await read('../else@where@main~1', 'else@where')).toBe('v1');
    expect(await read('aws-iac=../else@where@main', 'aws-iac')).toBe('v2');
    await expect(openEstate({ cwd: made.root, repos: ['../none'] })).rejects.toMatchObject({ code: 'KARMA_USAGE' });
    await expect(openEstate({ cwd: made.root, repos: ['../else@where@none'] })).rejects.toMatchObject({
      code: 'KARMA_NO_SUCH_REVISION',
    });
  });

  test('by karma.yaml: paths from the root, refs, and what is out of reach', async () => {
    const made = adage();
    modules();
    plain('docs').write({ 'openapi/api.json': '{}' });
    made.write({
      'karma.yaml':
        'estate: acme\nrepositories:\n  aws-iac: { path: ../aws-iac, ref: main }\n  api: ../docs\n  gone: ../gone\n',
    });
    const estate = await openEstate({ cwd: made.root });
    expect(estate.sources.map(({ source, read, position }) => [source, read, position.length])).toEqual([
      ['', true, 8],
      ['aws-iac', true, 40],
      ['api', true, 8],
      ['gone', false, 0],
    ]);
    expect(estate.view.repos.get('api')?.files()).toEqual(['openapi/api.json']);
  });

  test('a folder of the same repository shares what was read of it', async () => {
    const made = adage().write({
      'iac/karma.yaml': 'estate: inner\nrepositories: { modules: ../modules }\n',
      'modules/components/vpc/main.tf': 'm',
    });
    const estate = await openEstate({ cwd: join(made.root, 'iac') });
    expect(estate.opened[1]?.whole).toBe(estate.opened[0]?.whole);
    const view = estate.view.repos.get('modules');
    expect([view?.repo, view?.repoRoot, view?.files()]).toEqual(['modules', '..', ['components/vpc/main.tf']]);
  });
});

test('a folder that its repository ignores is read as the folder it is', async () => {
  const made = adage().write({ '.gitignore': 'scratch/\n', 'scratch/karma.yaml': 'estate: s\n', 'scratch/a.tf': 'a' });
  const estate = await openEstate({ cwd: join(made.root, 'scratch') });
  expect(estate.view.main.files()).toEqual(['a.tf', 'karma.yaml']);
});

test('links that leave the estate are findings', async () => {
  const made = adage().link('iac/dev/vpc/other', '/etc');
  const estate = await openEstate({ cwd: made.root });
  expect(estate.findings()).toMatchObject([
    { code: 'source-not-read' },
    { code: 'symlink-outside', subject: 'iac/dev/vpc/other', evidence: [{ file: 'iac/dev/vpc/other' }] },
  ]);
});

test('the identity is of everything read', async () => {
  const made = adage();
  const iac = folder.repository('aws-iac').write({ 'a.tf': '1' });
  iac.commit();
  const identity = async () => (await openEstate({ cwd: made.root })).identity;
  const first = await identity();
  expect(await identity()).toBe(first);
  iac.write({ 'a.tf': '2' });
  expect(await identity()).not.toBe(first);
});

test('reading leaves no trace in the estate', async () => {
  const made = adage().write({ 'new.tf': 'n' });
  const before = plainListing(made);
  const estate = await openEstate({ cwd: made.root });
  await estate.preload();
  for (const path of estate.view.main.files()) estate.view.main.read(path);
  expect(plainListing(made)).toEqual(before);
});

/** Everything in the repository, `.git` included, with sizes and times. */
function plainListing({ root }: TemporaryRepository): string[] {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  return names.map((name) => {
    const { size, mtimeMs } = lstatSync(join(root, name));
    return `${name} ${size} ${mtimeMs}`;
  });
}
