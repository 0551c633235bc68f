import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adageFiles, commitAll, estateMaker, writeFiles } from '../support/estates.ts';
import { git, karma, karmaJson, karmaOk } from '../support/karma.ts';

/** An estate that says where things outside of it are: it is heard once a person trusts that, and not before. */

const { folder, repository, plain } = estateMaker();
let people = 0;

/** Somebody with settings of their own. */
function person(): Record<string, string> {
  people += 1;
  const home = join(folder, `person-${people}`);
  mkdirSync(home, { recursive: true });
  return { HOME: home, XDG_CONFIG_HOME: join(home, 'settings'), XDG_DATA_HOME: join(home, 'data') };
}

interface Listed {
  readonly components: readonly { readonly id: string }[];
}
interface Checked {
  readonly findings: readonly { readonly code: string; readonly subject: string; readonly hint?: string }[];
}

describe('a folder for the stores outside of the estate', () => {
  const elsewhere = join(folder, 'elsewhere');
  const estate = repository({ ...adageFiles, 'karma.yaml': `estate: acme\nstores: { data: ${elsewhere} }\n` });
  const env = person();

  it('is not touched by a question, which says so and answers', async () => {
    const { stdout, stderr } = await karmaOk(['list', '-q', '-C', estate], { env });
    expect(stdout).toBe('dev/app/web\ndev/vpc/main\n');
    expect(await karmaOk(['list', '-C', estate], { env })).toMatchObject({
      stderr: expect.stringContaining('karma trust'),
    });
    expect(stderr).toBe('');
    expect(existsSync(elsewhere)).toBe(false);
  });

  it('is not written to, nor is anything else in its place', async () => {
    expect(await karma(['build', '-C', estate], { env })).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/KARMA_REFUSED.*stores\.data[\s\S]*karma trust/),
    });
    expect(existsSync(elsewhere)).toBe(false);
  });

  it('counts where an option or the environment says so', async () => {
    await karmaOk(['build', '-C', estate, '--data', join(folder, 'said')], { env });
    expect(existsSync(elsewhere)).toBe(false);
    await karmaOk(['build', '-C', estate], { env: { ...env, KARMA_TRUST: 'all' } });
    expect(existsSync(join(elsewhere, 'ledger.db'))).toBe(true);
  });

  it('counts once trusted, for this person, and until it says another place', async () => {
    const shown = await karmaJson<{ words: { key: string; digest: string; trusted: boolean }[] }>(
      ['trust', '--show', '-C', estate],
      { env },
    );
    expect(shown.words).toMatchObject([{ key: 'stores.data', trusted: false }]);
    const digest = shown.words[0]?.digest ?? '';
    await karmaOk(['build', '-C', estate], { env: { ...env, KARMA_TRUST: digest.slice(0, 16) } });
    expect((await karmaOk(['trust', '-C', estate], { env })).stdout).toMatch(/stores\.data +yes/);
    await karmaOk(['build', '-C', estate], { env });
    expect((await karma(['build', '-C', estate], { env: person() })).code).toBe(3);
    writeFiles(estate, { 'karma.yaml': `estate: acme\nstores: { data: ${elsewhere}-2 }\n` });
    expect((await karma(['build', '-C', estate], { env })).code).toBe(3);
    writeFiles(estate, { 'karma.yaml': `estate: acme\nstores: { data: ${elsewhere} }\n` });
    await karmaOk(['trust', '--revoke', '-C', estate], { env });
    expect((await karma(['build', '-C', estate], { env })).code).toBe(3);
  });
});

describe('a key that the estate brought along', () => {
  const key = `${'ab'.repeat(32)}\n`;

  it('in a folder that karma.yaml names is not used', async () => {
    const estate = repository({
      ...adageFiles,
      'karma.yaml': 'estate: acme\nstores: { data: kept }\n',
      'kept/estate.key': key,
    });
    await karma(['list', '-C', estate], { env: person() });
    expect(readdirSync(join(estate, 'kept'))).toEqual(['estate.key']);
  });

  it('in a committed folder that poses as a repository is not used', async () => {
    const estate = repository(adageFiles);
    git(estate, 'clone', '-q', '--bare', '.', 'posing.git');
    mkdirSync(join(estate, 'posing.git/karma'), { recursive: true });
    writeFileSync(join(estate, 'posing.git/karma/estate.key'), key);
    const env = person();
    await karma(['build', '-C', join(estate, 'posing.git')], { env });
    expect(readdirSync(join(estate, 'posing.git/karma'))).toEqual(['estate.key']);
    expect(readdirSync(join(env['XDG_DATA_HOME'] ?? '', 'karma'))).toHaveLength(1);
  });
});

describe('stores that are servers', () => {
  it('hear nothing before they are trusted: no credentials, no name', async () => {
    const heard: string[] = [];
    const server = createServer((request, response) => {
      heard.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      response.writeHead(400).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const estate = repository({
      ...adageFiles,
      'karma.yaml': `estate: acme
stores:
  ledger: { dynamodb: { region: eu-west-1, endpoint: "${endpoint}" } }
  graph: { neptune: { endpoint: "${endpoint}", region: eu-west-1 } }
  parameters: { ssm: { region: eu-west-1, endpoint: "${endpoint}" } }
`,
    });
    const env = { ...person(), AWS_ACCESS_KEY_ID: 'AKIDKARMATEST', AWS_SECRET_ACCESS_KEY: 'x' };
    for (const args of [['list'], ['status'], ['log', 'list'], ['doctor'], ['store', 'verify'], ['parameter', 'list']])
      expect([0, 2]).toContain((await karma([...args, '-C', estate], { env })).code);
    for (const args of [['build'], ['parameter', 'put', '/iac/x', 'y'], ['deploy', '--all', '--yes']])
      expect(await karma([...args, '-C', estate], { env })).toMatchObject({ code: 3 });
    expect(heard).toEqual([]);
    await karma(['parameter', 'list', '-C', estate], { env: { ...env, KARMA_TRUST: 'all', AWS_MAX_ATTEMPTS: '1' } });
    expect(heard).not.toEqual([]);
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('further repositories', () => {
  const secret = 'output "x" { value = "y" }\n';

  it.each(['/', '~', '/etc', '../..', '../.hidden', '../../far/repo', './out'])('%s is not read', async (path) => {
    const around = join(folder, `around-${people}`);
    const env = person();
    writeFiles(around, { 'deep/.hidden/main.tf': secret });
    git(writeFiles(join(around, 'far/repo'), { 'main.tf': secret }), 'init', '-q');
    const estate = writeFiles(join(around, 'deep/estate'), {
      ...adageFiles,
      'karma.yaml': `estate: acme\nrepositories: { x: "${path.replace('~', env['HOME'] ?? '')}" }\n`,
    });
    git(estate, 'init', '-q', '-b', 'main');
    if (path === './out') git(estate, 'config', 'core.symlinks', 'true');
    if (path === './out') (await import('node:fs')).symlinkSync('/etc', join(estate, 'out'));
    commitAll(estate, 'one');
    const { findings } = await karmaJson<Checked>(['check', '-C', estate], { env });
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'source-not-read',
        subject: 'repository x',
        hint: expect.stringContaining('karma trust'),
      }),
    );
    const trusted = await karma(['trust', '--json', '-C', estate], { env });
    expect(JSON.parse(trusted.stdout)).toMatchObject({ words: [{ key: 'repositories.x', trusted: true }] });
  });

  it('beside the estate are read, as checkouts are', async () => {
    const modules = repository({ 'components/vpc/main.tf': secret });
    const papers = plain({ 'openapi/x.json': '{}' });
    const estate = repository({
      ...adageFiles,
      'karma.yaml': `estate: acme\nrepositories: { modules: "${modules}", papers: "../${papers.split('/').pop()}" }\n`,
    });
    const env = person();
    const { findings } = await karmaJson<Checked>(['check', '-C', estate], { env });
    expect(findings.filter(({ code }) => code === 'source-not-read')).toEqual([]);
    expect((await karmaJson<Listed>(['list', '-C', estate], { env })).components).toHaveLength(2);
  });
});

it('what is trusted is kept with the settings of the person, for nobody else to read', async () => {
  const estate = repository({ ...adageFiles, 'karma.yaml': 'estate: acme\nstores: { data: /nowhere }\n' });
  const env = person();
  await karmaOk(['trust', '-C', estate], { env });
  const file = join(env['XDG_CONFIG_HOME'] ?? '', 'karma/trusted');
  expect(readFileSync(file, 'utf8')).toContain('["stores.data","/nowhere"]');
});
