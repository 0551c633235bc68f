import { renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adageFiles, commitAll, estateMaker, type Files, writeFiles } from '../support/estates.ts';
import { karma, karmaJson, karmaOk } from '../support/karma.ts';

/** `karma.yaml`, other repositories, accounts: what an estate is made of, and what of it is missing today. */

const { plain, repository } = estateMaker();

interface Line {
  readonly kind: string;
  readonly id?: string;
  readonly from?: string;
  readonly to?: string;
  readonly code?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

async function exported(estate: string, ...args: string[]): Promise<readonly Line[]> {
  const { stdout } = await karmaOk(['export', '-C', estate, ...args]);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

const idsOf = (lines: readonly Line[]) => lines.flatMap(({ kind, id }) => (kind === 'component' ? [id] : []));
const codesOf = (lines: readonly Line[]) => lines.flatMap(({ code }) => code ?? []);
const edgesOf = (lines: readonly Line[]) =>
  lines.flatMap(({ kind, from, to }) => (kind === 'reference' ? [`${from} -> ${to}`] : []));

describe.concurrent('karma.yaml', () => {
  it.each<readonly [what: string, text: string, says: RegExp]>([
    ['that is no YAML', 'estate: acme\nrepositories: [\n', /karma\.yaml:\d/],
    ['with an unknown key', 'estate: acme\nrepositoris:\n  x: ../x\n', /karma\.yaml:2[\s\S]*repositories/],
    ['with a value of another form', 'estate: acme\nreferences: 7\n', /karma\.yaml:2/],
    ['with an estate that is no name', 'estate: [1]\n', /karma\.yaml:1/],
    ['with a key that stands twice', 'estate: acme\nprefix: /a\nprefix: /b\n', /karma\.yaml:3/],
    ['that goes down for ever', `estate: acme\na: ${'['.repeat(50_000)}\n`, /karma\.yaml:2.*levels/],
    [
      'with an anchor bomb',
      `estate: acme\na: &a [x,x]\n${Array.from({ length: 30 }, (_one, i) => `b${i}: &b${i} [*${i === 0 ? 'a' : `b${i - 1}`},*${i === 0 ? 'a' : `b${i - 1}`}]`).join('\n')}\n`,
      /karma\.yaml/,
    ],
  ])('%s is refused, with file, line and the nearest right word', async (_what, text, says) => {
    const estate = plain({ ...adageFiles, 'karma.yaml': text });
    const { code, stdout, stderr } = await karma(['list', '-C', estate]);
    expect(stderr).toMatch(/^error KARMA_CONFIG_INVALID/);
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/^hint {2}\S/m);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
  });

  it.each([
    ['that is some other tool’s', 'apiVersion: karma.io/v1\nkind: Alert\n'],
    ['that is empty', ''],
    ['that is a list', '- 1\n'],
  ])('%s is passed over, and doctor says so', async (_what, text) => {
    const estate = plain({ ...adageFiles, 'karma.yaml': text });
    expect(idsOf(await exported(estate))).toEqual(['dev/app/web', 'dev/vpc/main']);
    const { stdout } = await karmaOk(['doctor', '-C', estate]);
    expect(stdout).toMatch(/karma\.yaml.*other tool/);
  });

  it('that is broken at an old revision does not spoil the present', async () => {
    const estate = repository({ ...adageFiles, 'karma.yaml': 'estate: acme\nnope: 1\n' });
    writeFiles(estate, { 'karma.yaml': 'estate: acme\n' });
    commitAll(estate, 'mended');
    await karmaOk(['list', '-C', estate]);
    const { code, stderr } = await karma(['list', '-C', estate, '--at', 'HEAD~1']);
    expect({ code, stderr }).toEqual({ code: 64, stderr: expect.stringMatching(/KARMA_CONFIG_INVALID/) as string });
  });
});

const split = (): { config: string; modules: string } => {
  const config: Record<string, string | Buffer> = {};
  const modules: Record<string, string | Buffer> = {};
  for (const [path, text] of Object.entries(adageFiles))
    (path.startsWith('components/') ? modules : config)[path] = text;
  const moduleRepository = repository(modules);
  const name = basename(moduleRepository);
  return {
    config: repository({ ...config, 'karma.yaml': `estate: acme\nrepositories:\n  ${name}: { path: ../${name} }\n` }),
    modules: moduleRepository,
  };
};

describe.concurrent('another repository', () => {
  it('that is missing at a later build keeps what was last seen of it, and the answer says so', async () => {
    const { config, modules } = split();
    await karmaOk(['build', '-C', config]);
    const before = await exported(config, '--at', 'v1');
    expect(edgesOf(before)).toEqual(['dev/app/web -> dev/vpc/main']);
    renameSync(modules, `${modules}-away`);
    writeFiles(config, { 'iac/dev/vpc/other/config.json': '{ "cidr": "10.9.0.0/16" }\n' });
    commitAll(config, 'two');
    const { stdout } = await karmaOk(['build', '-C', config]);
    expect(stdout).toMatch(new RegExp(`${basename(modules)} was not read.*what was last seen of it stands`));
    const after = await exported(config, '--at', 'v2');
    expect(idsOf(after)).toEqual(['dev/app/web', 'dev/vpc/main', 'dev/vpc/other']);
    expect(edgesOf(after)).toEqual(['dev/app/web -> dev/vpc/main']);
    expect(codesOf(after)).toContain('source-not-read');
    const checked = await karma(['check', '-C', config]);
    expect(checked.stdout).toMatch(/source-not-read[\s\S]*--repo PATH/);
    renameSync(`${modules}-away`, modules);
    await karmaOk(['build', '-C', config]);
    expect(codesOf(await exported(config, '--at', 'v3'))).not.toContain('source-not-read');
  });

  it('is removed from the graph only when a read of it says so', async () => {
    const { config, modules } = split();
    await karmaOk(['build', '-C', config]);
    rmSync(join(modules, 'components/app'), { recursive: true });
    commitAll(modules, 'without app');
    await karmaOk(['build', '-C', config]);
    expect(codesOf(await exported(config, '--at', 'v2'))).toContain('config-without-module');
  });

  it('may be given by hand, at a ref', async () => {
    const { config, modules } = split();
    rmSync(join(modules, 'components/app'), { recursive: true });
    commitAll(modules, 'without app');
    expect(codesOf(await exported(config))).toContain('config-without-module');
    expect(codesOf(await exported(config, '--repo', `${modules}@main~1`))).toEqual([]);
    const { code, stderr } = await karma(['list', '-C', config, '--repo', `${modules}@nope`]);
    expect({ code, stderr }).toEqual({ code: 64, stderr: expect.stringMatching(/KARMA_NO_SUCH_REVISION/) as string });
  });
});

/** What `aws ssm get-parameters-by-path --recursive` prints. */
function dump(parameters: Readonly<Record<string, string>>): string {
  return JSON.stringify({
    Parameters: Object.entries(parameters).map(([Name, Value]) => ({
      Name,
      Type: Name.endsWith('password') ? 'SecureString' : 'String',
      Value,
      Version: 2,
      LastModifiedDate: '2026-10-01T10:00:00.123000+02:00',
      ARN: `arn:aws:ssm:eu-west-1:111111111111:parameter${Name}`,
      DataType: 'text',
    })),
  });
}

const twoAccounts: Files = {
  ...adageFiles,
  'account_environments/acme-prod-a.json': '{ "name": "acme-prod-a", "environment": "prod" }\n',
  'account_environments/acme-prod-b.json': '{ "name": "acme-prod-b", "environment": "prod" }\n',
  'iac/prod/vpc/main/config.json': '{ "cidr": "10.0.0.0/16" }\n',
  'iac/prod/app/web/config.json': '{ "vpc_nickname": "main", "size": 2 }\n',
};

const accountA = dump({
  '/iac/environment': 'prod',
  '/iac/vpc/main/config': '{"cidr":"10.77.0.0/16"}',
  '/iac/vpc/main/runtime': '{"vpc_id":"vpc-1","cidr":"10.77.0.0/16"}',
  '/iac/cache/only/config': '{"size":1}',
  '/iac/cache/only/runtime': '{"endpoint":"x"}',
  '/iac/db/x/password': 'hunter2-planted',
});

describe.concurrent('an environment over two accounts', () => {
  const withAccounts = async () => {
    const estate = repository(twoAccounts);
    const into = (binding: string, text: string) =>
      karmaOk(['parameter', 'import', '-', '--binding', binding, '-C', estate], { input: text });
    await into('acme-prod-a', accountA);
    return { estate, into };
  };

  it('is never guessed at: neither when parameters come in nor when configs go out', async () => {
    const { estate } = await withAccounts();
    for (const args of [
      ['parameter', 'import', '-'],
      ['parameter', 'put', '/a', 'b'],
      ['parameter', 'list'],
    ]) {
      const { code, stderr } = await karma([...args, '-C', estate], { input: accountA });
      expect({ code, stderr }).toEqual({
        code: 64,
        stderr: expect.stringMatching(/acme-dev, acme-prod-a, acme-prod-b/) as string,
      });
    }
    const wrong = await karma(['parameter', 'put', '/a', 'b', '--binding', 'acme-pord-a', '-C', estate]);
    expect(wrong.code).toBe(64);
    const out = await karma(['config', 'publish', 'prod/app/web', '-C', estate]);
    expect({ code: out.code, stderr: out.stderr }).toEqual({
      code: 3,
      stderr: expect.stringMatching(/KARMA_REFUSED[\s\S]*acme-prod-a, acme-prod-b/) as string,
    });
    expect((await karma(['check', '-C', estate])).stdout).toContain('two-accounts-one-environment');
  });

  it('shows components where their parameters are, those that are only published too', async () => {
    const { estate, into } = await withAccounts();
    const lines = await exported(estate);
    expect(idsOf(lines)).toContain('prod/cache/only');
    expect(lines.find(({ id }) => id === 'prod/cache/only')?.attributes).toMatchObject({
      source: 'published',
      binding: 'acme-prod-a',
    });
    const { components } = await karmaJson<{ components: { component: string; status: string }[] }>([
      'status',
      'env=prod',
      '-C',
      estate,
    ]);
    const statuses = Object.fromEntries(components.map(({ component, status }) => [component, status]));
    expect(statuses).toMatchObject({ 'prod/vpc/main': 'unpublished', 'prod/cache/only': 'unpublished' });
    await into('acme-prod-b', dump({ '/iac/vpc/main/runtime': '{"vpc_id":"vpc-2"}' }));
    const shown = await karmaOk(['show', 'prod/vpc/main', '-C', estate]);
    expect(shown.stdout).toMatch(/deployment +acme-prod-a[\s\S]*deployment +acme-prod-b/);
  });

  it('publishes nothing over what only the account has', async () => {
    const { estate } = await withAccounts();
    const publish = ['config', 'publish', 'env=prod', '--binding', 'acme-prod-a', '-C', estate];
    const published = await karma(publish);
    expect(published.stdout).toMatch(/prod\/cache\/only .*refused .*only published/);
    const { stdout } = await karmaOk([
      'parameter',
      'get',
      '/iac/cache/only/config',
      '--binding',
      'acme-prod-a',
      '-C',
      estate,
    ]);
    expect(stdout).toBe('{"size":1}\n');
  });

  it('takes a dump in once, says what it passes over, and refuses what is none', async () => {
    const { estate, into } = await withAccounts();
    expect((await into('acme-prod-a', accountA)).stdout).toMatch(/^0 versions taken into acme-prod-a, 6 were there/);
    const partly = JSON.stringify({
      Parameters: [
        { Name: '/iac/a', Type: 'Strange', Value: 'x' },
        { Name: '/iac/b', Type: 'String', Value: 'x', Version: 1, LastModifiedDate: 1764000000.5 },
      ],
    });
    expect(await into('acme-prod-b', partly)).toMatchObject({
      stdout: expect.stringMatching(/^1 version/) as string,
      stderr: expect.stringMatching(/passed over: \/iac\/a/) as string,
    });
    for (const text of [
      '',
      'no json',
      '{}',
      '[]x',
      '{"Parameters": [{"Name": 3}]}',
      '{"Parameters": 7}',
      `${'['.repeat(100_000)}`,
    ]) {
      const { code, stderr, stdout } = await karma(
        ['parameter', 'import', '-', '--binding', 'acme-prod-b', '-C', estate],
        { input: text },
      );
      expect({ code, stdout, text: text.slice(0, 40) }).toEqual({ code: 64, stdout: '', text: text.slice(0, 40) });
      expect(stderr).toMatch(/KARMA_INPUT_INVALID[\s\S]*aws ssm get-parameters-by-path/);
    }
    const all = await karmaOk(['parameter', 'export', '--binding', 'acme-prod-a', '-C', estate]);
    expect(all.stdout).not.toContain('hunter2-planted');
    await karmaOk(['parameter', 'import', '-', '--binding', 'acme-dev', '-C', estate], { input: all.stdout });
  });
});
