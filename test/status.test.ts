import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, karma as ask } from './support/karma.ts';

/**
 * Estates that something else applies: what `status`, `record` and `why` say of them, from states, outputs and Parameter Stores
 * alone. Through the command line, as people meet it.
 */
const folder = mkdtempSync(join(tmpdir(), 'karma-status-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const secret = 'planted-secret-7c1';

const asCi = { KARMA_ACTOR: 'tester', KARMA_DATA: '' };

function karma(estate: string, args: readonly string[], input?: string): Promise<Answer> {
  return ask([...args, '-C', estate], { env: asCi, ...(input === undefined ? {} : { input }) });
}

async function asked(estate: string, args: readonly string[]): Promise<{ [key: string]: unknown } & StatusDocument> {
  const { stdout, stderr } = await karma(estate, [...args, '--json']);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

interface StatusDocument {
  readonly components: readonly {
    readonly component: string;
    readonly deployment: string;
    readonly status: string;
    readonly reasons: readonly string[];
  }[];
  readonly counts: Readonly<Record<string, number>>;
  readonly unmatched: readonly { readonly path: string }[];
  readonly hints: readonly string[];
}

/** `component: word` of each, and the reasons of one. */
function wordsOf({ components }: StatusDocument): Record<string, string> {
  return Object.fromEntries(
    components.map((one) => [one.deployment === '' ? one.component : `${one.component}@${one.deployment}`, one.status]),
  );
}

function reasonsOf({ components }: StatusDocument, component: string): readonly string[] {
  return components.find((one) => one.component === component)?.reasons ?? [];
}

function write(at: string, files: Readonly<Record<string, unknown>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

function git(at: string, ...args: readonly string[]): void {
  const identity = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org'];
  const { status, stderr } = spawnSync('git', ['-C', at, ...identity, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

/** Every file below a folder that holds a text. */
function holding(at: string, text: string): readonly string[] {
  return readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(text));
}

interface StateOver {
  readonly serial?: number;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly resources?: readonly unknown[];
}

function state(lineage: string, { serial = 1, outputs = {}, resources = [] }: StateOver) {
  const wrapped = Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [
      name,
      { value, type: 'dynamic', ...(name.startsWith('secret') ? { sensitive: true } : {}) },
    ]),
  );
  const managed = { mode: 'managed', type: 'null_resource', name: 'x', instances: [{ attributes: { id: '1' } }] };
  return {
    version: 4,
    terraform_version: '1.11.4',
    serial,
    lineage,
    outputs: wrapped,
    resources: [managed, ...resources],
  };
}

const readState = (key: string, outputs: Readonly<Record<string, unknown>>) => ({
  mode: 'data',
  type: 'terraform_remote_state',
  name: key,
  instances: [
    {
      attributes: {
        backend: 's3',
        config: { value: { bucket: 'states', key: `${key}.tfstate` }, type: ['object', {}] },
        outputs: { value: outputs, type: ['object', {}] },
        workspace: null,
      },
    },
  ],
});

const backend = (key: string) =>
  `terraform {\n  backend "s3" {\n    bucket = "states"\n    key    = "${key}.tfstate"\n  }\n}\n`;
const reading = (key: string) =>
  `data "terraform_remote_state" "${key}" {\n  backend = "s3"\n  config = {\n    bucket = "states"\n    key    = "${key}.tfstate"\n  }\n}\n`;

describe('a plain estate that CI applies', () => {
  const estate = join(folder, 'plain');
  const states = join(folder, 'plain-states');
  beforeAll(async () => {
    write(estate, {
      'network/main.tf': `${backend('network')}output "ids" {\n  value = ["a"]\n}\noutput "secret_token" {\n  value = "x"\n  sensitive = true\n}\n`,
      'app/main.tf': `${backend('app')}${reading('network')}output "first" {\n  value = data.terraform_remote_state.network.outputs.ids[0]\n}\noutput "t" {\n  value = data.terraform_remote_state.network.outputs.secret_token\n  sensitive = true\n}\n`,
      'lonely/main.tf': `${backend('lonely')}output "x" {\n  value = 1\n}\n`,
    });
    git(estate, 'init', '-q', '-b', 'main');
    git(estate, 'add', '.');
    git(estate, 'commit', '-q', '-m', 'Begin the network');
    git(estate, 'mv', 'app', 'web');
    git(estate, 'commit', '-q', '-m', 'Call the app web');
    write(states, {
      'network.tfstate': state('n', { serial: 7, outputs: { ids: ['new'], secret_token: secret } }),
      'app.tfstate': state('a', {
        outputs: { first: 'old' },
        resources: [readState('network', { ids: ['old'], secret_token: secret })],
      }),
      'notes.txt': 'nothing',
      'stranger.tfstate': state('s', { outputs: { y: 1 } }),
      'broken.tfstate': '{',
      'plan.json': { format_version: '1.2', planned_values: {} },
    });
  });

  it('without states nothing is known, and it says what to give', async () => {
    const answer = await asked(estate, ['status']);
    expect(wordsOf(answer)).toEqual({ lonely: 'unknown', network: 'unknown', web: 'unknown' });
    expect(answer.hints.join('\n')).toContain('--states');
    expect(answer.counts).toEqual({ unknown: 3 });
    expect((await karma(estate, ['status', '--exit-code'])).code).toBe(0);
  });

  it('proves what is stale from the states alone, by the key of the state, and names what matched nothing', async () => {
    const answer = await asked(estate, ['status', '--states', states]);
    expect(wordsOf(answer)).toEqual({ lonely: 'unknown', network: 'unknown', web: 'stale' });
    expect(reasonsOf(answer, 'web')).toEqual(['network#/ids/0 changed']);
    expect(answer.unmatched.map(({ path }) => path)).toEqual(['broken.tfstate', 'plan.json', 'stranger.tfstate']);
    const { code, stdout, stderr } = await karma(estate, ['status', '--states', states, '--exit-code']);
    expect(code).toBe(2);
    expect(stdout).toContain('3 deployments: 1 stale, 2 unknown');
    expect(stderr).toContain('stranger.tfstate');
    expect(stdout + stderr).not.toContain(secret);
  });

  it('equal is never green', async () => {
    const equal = join(folder, 'equal-states');
    cpSync(states, equal, { recursive: true });
    write(equal, { 'network.tfstate': state('n', { serial: 8, outputs: { ids: ['old'], secret_token: secret } }) });
    const answer = await asked(estate, ['status', 'web', '--states', equal]);
    expect(wordsOf(answer)).toEqual({ web: 'unknown' });
    expect(reasonsOf(answer, 'web').join(' ')).toContain('proves nothing');
  });

  it('sees a changed secret without ever holding it', async () => {
    const changed = join(folder, 'changed-states');
    cpSync(states, changed, { recursive: true });
    write(changed, { 'network.tfstate': state('n', { serial: 9, outputs: { ids: ['old'], secret_token: 'other' } }) });
    const answer = await asked(estate, ['status', 'web', '--states', changed]);
    expect(reasonsOf(answer, 'web')).toEqual(['network#/secret_token changed']);
  });

  it('takes outputs for runtimes', async () => {
    const outputs = join(folder, 'outputs');
    write(outputs, {
      'network.json': { ids: { value: ['new'], type: 'list', sensitive: false } },
      'web.tfstate': readFileSync(join(states, 'app.tfstate'), 'utf8'),
    });
    expect(reasonsOf(await asked(estate, ['status', 'web', '--states', outputs]), 'web')[0]).toBe(
      'network#/ids/0 changed',
    );
  });

  it('writes nothing for a question', async () => {
    await karma(estate, ['why', 'web', '--states', states]);
    await karma(estate, ['log', 'list']);
    const caches = /^(cache\.db.*|estate\.key|views)$/;
    expect(readdirSync(join(estate, '.git/karma')).filter((name) => !caches.test(name))).toEqual([]);
  });

  it('tells why, through the rename, down to commits and people', async () => {
    const { stdout } = await karma(estate, ['why', 'web', '--states', states]);
    expect(stdout).toMatch(/web: a run by others/);
    expect(stdout).toMatch(/network#\/ids\/0 was read/);
    expect(stdout).toMatch(/commit [0-9a-f]{12}: Call the app web .* Ann {2}reconstructed/);
    expect(stdout).toMatch(/commit [0-9a-f]{12}: Begin the network/);
    const plain = await karma(estate, ['why', 'web']);
    expect(plain.stdout).toContain('no finished run of it is in the ledger');
    expect(plain.stderr).toContain('karma record');
  });

  it('records what CI hands over, once, and keeps no secret', async () => {
    const plan = {
      format_version: '1.2',
      terraform_version: '1.11.4',
      timestamp: '2026-11-24T10:00:00Z',
      variables: { password: { value: secret } },
      planned_values: { outputs: { first: { sensitive: false, value: 'old' } }, root_module: {} },
      prior_state: {
        values: {
          root_module: {
            resources: [
              {
                mode: 'data',
                type: 'terraform_remote_state',
                values: {
                  backend: 's3',
                  config: { bucket: 'states', key: 'network.tfstate' },
                  outputs: { ids: ['old'], secret_token: secret },
                  workspace: null,
                },
              },
            ],
          },
        },
      },
    };
    const first = await karma(estate, ['record', '-', '--component', 'web', '--run-by', 'ci-17'], JSON.stringify(plan));
    expect(first.stderr + first.stdout).toContain('recorded  web');
    expect((await karma(estate, ['record', '-', '--component', 'web'], JSON.stringify(plan))).stdout).toContain(
      'already recorded',
    );
    await karma(estate, ['record', join(states, 'network.tfstate')]);
    const log = (await asked(estate, ['log', 'list', '--limit', '99']))['events'] as {
      action: string;
      subject: string;
    }[];
    expect(log.filter(({ action }) => action === 'run.recorded').map(({ subject }) => subject)).toEqual([
      'network',
      'web',
    ]);
    expect(log.filter(({ action }) => action === 'config.committed').length).toBeGreaterThan(3);
    expect((await karma(estate, ['log', 'verify'])).code).toBe(0);
    expect(holding(join(estate, '.git/karma'), secret)).toEqual([]);
    const answer = await asked(estate, ['status', 'web']);
    // No state need be read: what the network left later, as it was recorded, is not what this one read.
    expect(answer.components[0]).toMatchObject({ status: 'stale', lastRun: { actor: 'ci-17', reconstructed: true } });
    const later = await asked(estate, ['status', 'web', '--states', join(states, 'network.tfstate')]);
    expect(reasonsOf(later, 'web')).toEqual(['network#/ids/0 changed']);
  });

  it('history is taken once', async () => {
    const count = async () => ((await asked(estate, ['log', 'list', '--limit', '999']))['events'] as unknown[]).length;
    await karma(estate, ['build']);
    const before = await count();
    await karma(estate, ['build']);
    await karma(estate, ['build']);
    expect(await count()).toBe(before);
  });

  it.each([
    ['a binary plan', 'PK\u0003\u0004', 'terraform show -json'],
    ['nothing', '', 'it is empty'],
    ['the text of a plan', 'Plan: 1 to add', 'terraform output -json'],
    ['any JSON', '{"a": 1}', 'terraform state pull'],
    ['a failed plan', '{"format_version":"1.2","errored":true,"planned_values":{}}', 'that was applied'],
  ])('does not take %s', async (_what, input, hint) => {
    const { code, stderr } = await karma(estate, ['record', '-', '--component', 'web'], input);
    expect(code).toBe(64);
    expect(stderr).toContain(hint);
  });

  it('asks whose run it was', async () => {
    const { code, stderr } = await karma(estate, ['record', '-'], JSON.stringify({ a: { value: 1, type: 'number' } }));
    expect(code).toBe(64);
    expect(stderr).toContain('--component');
    expect((await karma(estate, ['record', '-', '--component', 'wep'], '{}')).stderr).toContain('did you mean web');
    expect((await karma(estate, ['status', '--states', 'no-such-folder'])).stderr).toContain('terraform state pull');
  });
});

describe('an Adage estate with a Parameter Store', () => {
  const estate = join(folder, 'adage');
  const states = join(folder, 'adage-states');
  const vpc = '/iac/vpc/main';
  const web = '/iac/ecs-service/web';
  const config = { vpc_nickname: 'main', size: 2 };
  const parameter = (Name: string, value: unknown, Version = 1) => ({
    Name,
    Type: 'String',
    Value: JSON.stringify(value),
    Version,
    LastModifiedDate: `2026-11-2${Version}T10:00:00Z`,
    LastModifiedUser: 'arn:aws:iam::1:user/ben',
  });
  const read = (name: string, value: unknown) => ({
    mode: 'data',
    type: 'aws_ssm_parameter',
    name: 'x',
    instances: [{ attributes: { name, value: JSON.stringify(value), version: 1 } }],
  });
  const wrote = (name: string, value: unknown) => ({
    mode: 'managed',
    type: 'aws_ssm_parameter',
    name: 'runtime',
    instances: [{ attributes: { name, type: 'String', value: JSON.stringify(value) } }],
  });
  beforeAll(async () => {
    const own = (type: string) =>
      `variable "nickname" {}\nvariable "iac_prefix" {\n  default = "/iac"\n}\ndata "aws_ssm_parameter" "config" {\n  name = "\${var.iac_prefix}/${type}/\${var.nickname}/config"\n}\nlocals {\n  config = jsondecode(data.aws_ssm_parameter.config.value)\n}\n`;
    write(estate, {
      'account_environments/acme.json': { name: 'acme', environment: 'prod' },
      'iac/prod/vpc/main/config.json': { cidr: '10.0.0.0/16' },
      'iac/prod/ecs-service/web/config.json': config,
      'components/vpc/main.tf': `${own('vpc')}resource "aws_ssm_parameter" "runtime" {\n  name  = "\${var.iac_prefix}/vpc/\${var.nickname}/runtime"\n  type  = "String"\n  value = jsonencode({ vpc_id = "x", subnets = [local.config.cidr] })\n}\n`,
      'components/ecs-service/main.tf': `${own('ecs-service')}data "aws_ssm_parameter" "vpc" {\n  name = "\${var.iac_prefix}/vpc/\${local.config.vpc_nickname}/runtime"\n}\nlocals {\n  vpc = jsondecode(data.aws_ssm_parameter.vpc.value)\n}\nresource "aws_ssm_parameter" "runtime" {\n  name  = "\${var.iac_prefix}/ecs-service/\${var.nickname}/runtime"\n  type  = "String"\n  value = jsonencode({ url = local.vpc.vpc_id, size = local.config.size })\n}\n`,
    });
    write(states, {
      'prod/vpc/main.tfstate': state('v', {
        resources: [wrote(`${vpc}/runtime`, { vpc_id: 'vpc-1', subnets: ['a'] })],
      }),
      'acme/prod/ecs-service/web/terraform.tfstate': state('w', {
        resources: [
          read(`${web}/config`, config),
          read(`${vpc}/runtime`, { vpc_id: 'vpc-1', subnets: ['a'] }),
          wrote(`${web}/runtime`, { url: 'u', size: 2 }),
        ],
      }),
    });
    const dump = {
      Parameters: [
        parameter(`${vpc}/config`, { cidr: '10.0.0.0/16' }),
        parameter(`${vpc}/runtime`, { vpc_id: 'vpc-1', subnets: ['a'] }),
        parameter(`${web}/config`, config),
        parameter(`${web}/runtime`, { url: 'u', size: 2 }),
      ],
    };
    write(folder, { 'dump.json': dump });
    const data = ['--data', join(folder, 'adage-data')];
    await karma(estate, ['parameter', 'import', join(folder, 'dump.json'), '--binding', 'acme', ...data]);
  });
  const data = ['--data', join(folder, 'adage-data')];
  const status = (...args: readonly string[]) => asked(estate, ['status', ...args, ...data]);

  it('a runtime without a record is unknown, and nothing that was published is', async () => {
    const answer = await status();
    expect(wordsOf(answer)).toEqual({ 'prod/ecs-service/web': 'unknown', 'prod/vpc/main': 'unknown' });
    expect(reasonsOf(answer, 'prod/vpc/main')).toEqual([
      'a runtime of it is there, but no record of the run that made it',
    ]);
  });

  it('everything as it was: unknown, for equality proves nothing', async () => {
    expect(wordsOf(await status('--states', states))).toEqual({
      'prod/ecs-service/web': 'unknown',
      'prod/vpc/main': 'unknown',
    });
  });

  it('from states alone, without any Parameter Store', async () => {
    const moved = join(folder, 'moved-states');
    cpSync(states, moved, { recursive: true });
    write(moved, {
      'prod/vpc/main.tfstate': state('v', { serial: 2, resources: [wrote(`${vpc}/runtime`, { vpc_id: 'vpc-2' })] }),
    });
    const answer = await asked(estate, ['status', '--states', moved, '--data', join(folder, 'no-data')]);
    expect(reasonsOf(answer, 'prod/ecs-service/web')).toEqual(['prod/vpc/main#/vpc_id changed']);
  });

  it('a runtime changed by hand: edited, and its reader stale', async () => {
    const value = JSON.stringify({ vpc_id: 'vpc-9', subnets: ['a'] });
    await karma(estate, ['parameter', 'put', `${vpc}/runtime`, value, '--binding', 'acme', ...data]);
    const answer = await status('--states', states);
    expect(wordsOf(answer)).toEqual({ 'prod/ecs-service/web': 'stale', 'prod/vpc/main': 'edited' });
    expect(reasonsOf(answer, 'prod/ecs-service/web')).toEqual(['prod/vpc/main#/vpc_id changed']);
    expect(reasonsOf(answer, 'prod/vpc/main')).toEqual(['/vpc_id is not what the last run wrote']);
    expect(wordsOf(await status('--states', states, '--binding', 'acme'))).toEqual(wordsOf(answer));
  });

  it('a config in Git that is not published: unpublished; published and not applied: stale', async () => {
    write(estate, { 'iac/prod/ecs-service/web/config.json': { ...config, size: 3 } });
    expect(wordsOf(await status('web'))).toEqual({ 'prod/ecs-service/web': 'unpublished' });
    await karma(estate, ['config', 'publish', 'web', ...data]);
    const answer = await status('web', '--states', states);
    expect(wordsOf(answer)).toEqual({ 'prod/ecs-service/web': 'stale' });
    expect(reasonsOf(answer, 'prod/ecs-service/web')).toContain('its config changed');
  });

  it('what was never applied has no runtime', async () => {
    write(estate, { 'iac/prod/vpc/second/config.json': { cidr: '10.1.0.0/16' } });
    expect(wordsOf(await status('vpc/second'))).toEqual({ 'prod/vpc/second': 'never run' });
  });

  it('the history of parameters is kept with who wrote each version', async () => {
    git(estate, 'init', '-q', '-b', 'main');
    git(estate, 'add', '.');
    git(estate, 'commit', '-q', '-m', 'Begin');
    await karma(estate, ['build', ...data]);
    const events = (await asked(estate, ['log', 'list', '--subject', 'prod/vpc/main', ...data]))['events'] as {
      action: string;
      actor: string;
      details: { version?: number };
    }[];
    const published = events.filter(({ action }) => action.endsWith('.published'));
    expect(published.map(({ action, details }) => [action, details.version]).sort()).toEqual([
      ['config.published', 1],
      ['runtime.published', 1],
    ]);
    expect(published[0]?.actor).toContain('ben');
    const { stdout } = await karma(estate, ['why', 'prod/vpc/main', ...data]);
    expect(stdout).toContain('runtime published: /iac/vpc/main/runtime version 1');
  });
});

describe('Terragrunt', () => {
  const estate = join(folder, 'units');
  beforeAll(async () => {
    write(estate, {
      'live/vpc/terragrunt.hcl': 'terraform {\n  source = "../../modules/vpc"\n}\n',
      'live/app/terragrunt.hcl':
        'terraform {\n  source = "../../modules/vpc"\n}\ndependency "vpc" {\n  config_path = "../vpc"\n}\ninputs = {\n  id = dependency.vpc.outputs.id\n}\n',
      'modules/vpc/main.tf': 'variable "id" {\n  default = ""\n}\noutput "id" {\n  value = var.id\n}\n',
    });
  });

  it('a run report says what failed; what ran is not green', async () => {
    const data = ['--data', join(folder, 'units-data')];
    const report = (result: string, ended: string) => [
      { Name: 'app', Started: ended, Ended: ended, Result: 'succeeded' },
      {
        Name: 'vpc',
        Started: ended,
        Ended: ended,
        Result: result,
        Reason: result === 'failed' ? 'run error' : undefined,
      },
      { Name: 'elsewhere', Started: ended, Ended: ended, Result: 'succeeded' },
    ];
    const first = await karma(
      estate,
      ['record', '-', ...data],
      JSON.stringify(report('failed', '2026-11-24T10:00:00Z')),
    );
    expect(first.stdout).toContain('recorded  live/vpc');
    expect(first.stderr).toContain('elsewhere: no component is called so');
    expect(wordsOf(await asked(estate, ['status', ...data]))).toEqual({ 'live/app': 'unknown', 'live/vpc': 'failed' });
    await karma(estate, ['record', '-', ...data], JSON.stringify(report('succeeded', '2026-11-24T11:00:00Z')));
    expect(wordsOf(await asked(estate, ['status', ...data]))).toEqual({ 'live/app': 'unknown', 'live/vpc': 'unknown' });
  });
});
