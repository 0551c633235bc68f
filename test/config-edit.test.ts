import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { configEditVerb, configWriteVerb } from '../src/engine/verbs/config-edit.ts';
import { environmentPromoteWriteVerb } from '../src/engine/verbs/environment-promote.ts';
import { environmentSwitchWriteVerb } from '../src/engine/verbs/environment-switch.ts';
import { diffTwoEnvironments } from '../src/engine/verbs/environments.ts';
import { answerTo } from '../src/engine/verbs/verb.ts';
import { TemporaryFolder } from '../src/observe/git/temporary-repository.ts';
import { type Files, smallEstates } from './support/small-estates.ts';

/** Edits at the literal that decides: what a component is given, and one environment made what another is, in all layouts. */

const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const estateOf = smallEstates(folder);

interface Asked {
  readonly id: string;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly unset?: readonly string[];
  readonly ref?: string;
  readonly in?: string;
  readonly where?: 'refuse' | 'override' | 'there';
}

/** The lines that would change, and what was refused and where. */
async function edited(files: Files, asked: Asked) {
  const nothing = { set: undefined, unset: undefined, ref: undefined, in: undefined, where: undefined };
  const answer = await answerTo(estateOf(files).context(), configEditVerb, { ...nothing, ...asked });
  return [
    ...answer.files.flatMap(({ path, diff }) =>
      diff
        .split('\n')
        .slice(3)
        .filter((line) => /^[-+]/.test(line))
        .map((line) => `${path} ${line}`),
    ),
    ...answer.refused.map(({ reason, file, line, readers }) =>
      [`refused: ${reason}`, `${file}:${line}`, ...readers].join(' | '),
    ),
    ...answer.also.map(
      ({ component, deployment }) => `also ${component}${deployment === undefined ? '' : ` @ ${deployment}`}`,
    ),
  ];
}

describe('a config', () => {
  const files = {
    'iac/_base/vpc/standard/config.json': '{\n  "size": 1,\n  "tags": { "team": "net" }\n}\n',
    'iac/dev/vpc/main/config.json': '{\n  "$extends": "_base/vpc/standard",\n  "cidr": "10.0.0.0/16"\n}\n',
    'iac/prod/vpc/main/config.json': '{\n  "$extends": "_base/vpc/standard",\n  "cidr": "10.1.0.0/16"\n}\n',
    'components/vpc/main.tf': '',
  };

  it('is edited where it says something itself', async () => {
    expect(await edited(files, { id: 'dev/vpc/main', set: { '/cidr': '10.9.0.0/16', '/zones': ['a'] } })).toEqual([
      'iac/dev/vpc/main/config.json -  "cidr": "10.0.0.0/16"',
      'iac/dev/vpc/main/config.json +  "cidr": "10.9.0.0/16",',
      'iac/dev/vpc/main/config.json +  "zones": [',
      'iac/dev/vpc/main/config.json +    "a"',
      'iac/dev/vpc/main/config.json +  ]',
    ]);
  });

  it('is refused what a parent says, with all that read it there, and overridden or changed there when asked to', async () => {
    const set = { '/tags/team': 'core' };
    expect(await edited(files, { id: 'dev/vpc/main', set })).toEqual([
      'refused: it is not said here | iac/_base/vpc/standard/config.json:3 | prod/vpc/main',
    ]);
    expect(await edited(files, { id: 'dev/vpc/main', set, where: 'override' })).toContain(
      'iac/dev/vpc/main/config.json +    "team": "core"',
    );
    expect(await edited(files, { id: 'dev/vpc/main', set, where: 'there' })).toEqual([
      'iac/_base/vpc/standard/config.json -  "tags": { "team": "net" }',
      'iac/_base/vpc/standard/config.json +  "tags": { "team": "core" }',
      'also prod/vpc/main',
    ]);
    expect(await edited(files, { id: 'dev/vpc/main', unset: ['/size'], where: 'override' })).toContain(
      'iac/dev/vpc/main/config.json +  "size": null',
    );
  });
});

describe('an address with a password', () => {
  const address = 'postgres://shop:correct-horse-battery@db.internal/shop';
  const config = (url: string) => `{\n  "url": ${JSON.stringify(url)},\n  "size": 1\n}\n`;
  const files = {
    'iac/dev/db/main/config.json': config(address),
    'iac/prod/db/main/config.json': config('postgres://shop:staple-of-another-kind@db.internal/shop'),
    'components/db/main.tf': '',
  };

  it('can be set, and is not shown', async () => {
    expect(await edited(files, { id: 'dev/db/main', set: { '/url': address.replace('horse', 'mule') } })).toEqual([
      'iac/dev/db/main/config.json -  "url": "postgres://shop:(redacted)@db.internal/shop",',
      'iac/dev/db/main/config.json +  "url": "postgres://shop:(redacted)@db.internal/shop",',
    ]);
  });

  it('is brought to no other environment: what is known of it is no address', async () => {
    const estate = estateOf(files);
    const answer = await answerTo(estate.context(), environmentPromoteWriteVerb, {
      from: 'dev',
      to: 'prod',
      select: undefined,
      where: undefined,
    });
    expect(answer.refused.map(({ pointer, reason }) => [pointer, reason])).toEqual([
      ['/url', 'what it is there is a secret, or only a run knows it'],
    ]);
    expect(estate.read('iac/prod/db/main/config.json')).toBe(files['iac/prod/db/main/config.json']);
  });
});

describe('a unit', () => {
  const unit = (inputs: string) =>
    `include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\nterraform {\n  source = "git::https://example.com/m.git//vpc?ref=v1"\n}\nlocals {\n  name = "net"\n}\ninputs = ${inputs}\n`;
  const files = {
    'root.hcl': 'locals {\n  owner = "core"\n}\ninputs = {\n  region = "eu"\n  owner  = local.owner\n}\n',
    'live/a/terragrunt.hcl': unit('{\n  size = 1 # so many\n  name = local.name\n}'),
    'live/b/terragrunt.hcl': unit('{}'),
  };

  it('is edited in its inputs, and its module gets another version', async () => {
    expect(await edited(files, { id: 'live/a', set: { '/size': 2 }, ref: 'v2' })).toEqual([
      'live/a/terragrunt.hcl -  source = "git::https://example.com/m.git//vpc?ref=v1"',
      'live/a/terragrunt.hcl +  source = "git::https://example.com/m.git//vpc?ref=v2"',
      'live/a/terragrunt.hcl -  size = 1 # so many',
      'live/a/terragrunt.hcl +  size = 2 # so many',
    ]);
  });

  it('is refused what an include or a local says', async () => {
    expect(await edited(files, { id: 'live/a', set: { '/region': 'us' } })).toEqual([
      'refused: it is not said here | root.hcl:5 | live/b',
    ]);
    expect(await edited(files, { id: 'live/a', set: { '/name': 'x' } })).toEqual([
      'refused: it is not said here: local.name | live/a/terragrunt.hcl:8',
    ]);
    expect(await edited(files, { id: 'live/a', set: { '/name': 'x' }, where: 'there' })).toEqual([
      'live/a/terragrunt.hcl -  name = "net"',
      'live/a/terragrunt.hcl +  name = "x"',
    ]);
    expect(await edited(files, { id: 'live/a', set: { '/owner': 'x' }, where: 'there' })).toEqual([
      'root.hcl -  owner = "core"',
      'root.hcl +  owner = "x"',
      'also live/b',
    ]);
    expect(await edited(files, { id: 'live/b', set: { '/region': 'us' }, where: 'override' })).toEqual([
      'live/b/terragrunt.hcl -inputs = {}',
      'live/b/terragrunt.hcl +inputs = {',
      'live/b/terragrunt.hcl +  region = "us"',
      'live/b/terragrunt.hcl +}',
    ]);
  });
});

describe('a root module', () => {
  const files = {
    'net/main.tf':
      'terraform {\n  backend "s3" {}\n}\nvariable "size" {\n  type    = number\n  default = 1\n}\nvariable "name" {\n  type = string\n}\n',
    'net/common.auto.tfvars': 'name = "net"\n',
    'net/envs/dev.tfvars': 'size = 2\n',
    'net/envs/prod.tfvars': '# as it comes\n',
    'one/main.tf': 'terraform {\n  backend "s3" {}\n}\nvariable "size" {\n  default = 1\n}\n',
  };

  it('is edited in the file of variables that decides, or in its default where there is none', async () => {
    expect(await edited(files, { id: 'net', in: 'dev', set: { '/size': 3 } })).toEqual([
      'net/envs/dev.tfvars -size = 2',
      'net/envs/dev.tfvars +size = 3',
    ]);
    expect(await edited(files, { id: 'net', in: 'prod', set: { '/size': 3 } })).toEqual([
      'net/envs/prod.tfvars +size = 3',
    ]);
    expect(await edited(files, { id: 'one', set: { '/size': 3 } })).toEqual([
      'one/main.tf -  default = 1',
      'one/main.tf +  default = 3',
    ]);
  });

  it('is refused what other deployments read as well', async () => {
    expect(await edited(files, { id: 'net', in: 'prod', set: { '/name': 'x' } })).toEqual([
      'refused: others read it from the same place | net/common.auto.tfvars:1 | net @ dev',
    ]);
    expect(await edited(files, { id: 'net', in: 'prod', set: { '/name': 'x' }, where: 'override' })).toEqual([
      'net/envs/prod.tfvars +name = "x"',
    ]);
    expect(await edited(files, { id: 'net', in: 'prod', set: { '/nobody': 'x' } })).toEqual([
      'refused: its module declares no variable `nobody` | undefined:undefined',
    ]);
  });
});

it('what is refused in part is not written at all, and what is written is as a whole', async () => {
  const estate = estateOf({
    'iac/dev/vpc/main/config.json': '{"a": 1, "a": 2, "b": 1}\n',
    'components/vpc/main.tf': '',
  });
  const nothing = { unset: undefined, ref: undefined, in: undefined, where: undefined, id: 'dev/vpc/main' };
  const refused = await answerTo(estate.context(), configWriteVerb, { ...nothing, set: { '/b': 2, '/a': 3 } });
  expect(refused).toMatchObject({ written: false, files: [], refused: [{ pointer: '/a', line: 1 }] });
  const written = await answerTo(estate.context(), configWriteVerb, { ...nothing, set: { '/b': 2 } });
  expect(written).toMatchObject({ written: true, refused: [] });
  expect(estate.read('iac/dev/vpc/main/config.json')).toBe('{"a": 1, "a": 2, "b": 2}\n');
});

type Inputs = Readonly<Record<string, unknown>>;

const layouts: Readonly<
  Record<string, (inputs: Readonly<Record<'dev' | 'prod', readonly Inputs[]>>, refs: readonly string[]) => Files>
> = {
  Adage: ({ dev, prod }) => ({
    'components/app/main.tf': '',
    ...Object.fromEntries(
      Object.entries({ dev, prod }).flatMap(([env, all]) =>
        all.map((one, at) => [`iac/${env}/app/n${at}/config.json`, `${JSON.stringify(one, null, 2)}\n`]),
      ),
    ),
  }),
  Terragrunt: ({ dev, prod }, refs) => ({
    'root.hcl': 'inputs = {\n  shared = 1\n}\n',
    ...Object.fromEntries(
      Object.entries({ dev, prod }).flatMap(([env, all], place) =>
        all.map((one, at) => [
          `live/${env}/n${at}/terragrunt.hcl`,
          `include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\nterraform {\n  source = "git::https://example.com/m.git//app?ref=${refs[(place + at) % refs.length]}"\n}\ninputs = ${JSON.stringify(one, null, 2).replaceAll('":', '" =')}\n`,
        ]),
      ),
    ),
  }),
  'plain Terraform': ({ dev, prod }) =>
    Object.fromEntries(
      dev.flatMap((one, at) => [
        [
          `n${at}/main.tf`,
          `terraform {\n  backend "s3" {}\n}\n${['size', 'name', 'zones', 'tags'].map((name) => `variable "${name}" {\n  default = null\n}\n`).join('')}`,
        ],
        ...[one, prod[at] ?? {}].map((inputs, place) => [
          `n${at}/envs/${place === 0 ? 'dev' : 'prod'}.tfvars`,
          `# of it\n${Object.entries(inputs)
            .map(([key, value]) => `${key} = ${JSON.stringify(value).replaceAll('":', '" =')}\n`)
            .join('')}`,
        ]),
      ]),
    ),
};

const inputs = fc.record(
  {
    size: fc.integer({ min: 0, max: 9 }),
    name: fc.constantFrom('a', 'b', 'app-x', 'with "quotes"'),
    zones: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
    tags: fc.record({ team: fc.constantFrom('x', 'y'), tier: fc.constantFrom('1', '2') }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

describe.each(Object.entries(layouts))('after a promotion in an estate of %s', (_name, filesOf) => {
  it('the environments differ in what was refused and in nothing else', async () => {
    const scene = fc.record({
      dev: fc.array(inputs, { minLength: 2, maxLength: 3 }),
      prod: fc.array(inputs, { minLength: 2, maxLength: 3 }),
      refs: fc.array(fc.constantFrom('v1', 'v2', 'v3'), { minLength: 1, maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(scene, async ({ dev, prod, refs }) => {
        const estate = estateOf(filesOf({ dev, prod }, refs));
        const answer = await answerTo(estate.context(), environmentPromoteWriteVerb, {
          from: 'dev',
          to: 'prod',
          select: undefined,
          where: undefined,
        });
        const refused = new Set(answer.refused.map(({ component, pointer }) => `${component} ${pointer}`));
        const { compared, onlyFrom } = await diffTwoEnvironments(estate.context(), { from: 'dev', to: 'prod' });
        const left = compared.flatMap(({ to, differences }) =>
          differences.filter(({ expected }) => expected === undefined).map(({ key }) => `${to} ${key}`),
        );
        expect(left.filter((one) => !refused.has(one))).toEqual([]);
        // Literals were all there was; what prod had not was made.
        expect([answer.refused, onlyFrom]).toEqual([[], []]);
        expect(answer.created.length).toBe(Math.max(0, _name === 'plain Terraform' ? 0 : dev.length - prod.length));
      }),
      { numRuns: 6 * Number(process.env['KARMA_ROUNDS'] ?? 1), seed: Number(process.env['KARMA_SEED'] ?? 17) },
    );
  });
});

describe('a switch', () => {
  const consumers = (answer: object) => answer as { readonly moved: readonly string[] };
  const switched = async (files: Files, id: string, to: string) => {
    const estate = estateOf(files);
    const answer = await answerTo(estate.context(), environmentSwitchWriteVerb, { id, to });
    return { estate, answer, moved: consumers(answer).moved };
  };

  it('points units at the other one, in the order in which they run', async () => {
    const files = {
      'm/main.tf': 'variable "id" {\n  default = ""\n}\noutput "id" {\n  value = var.id\n}\n',
      'live/db/terragrunt.hcl': 'terraform {\n  source = "../../m"\n}\n',
      'live/db-2/terragrunt.hcl': 'terraform {\n  source = "../../m"\n}\n',
      'live/app/terragrunt.hcl':
        'terraform {\n  source = "../../m"\n}\ndependency "db" {\n  config_path = "../db" # the one\n}\ninputs = {\n  id = dependency.db.outputs.id\n}\n',
      'live/api/terragrunt.hcl':
        'terraform {\n  source = "../../m"\n}\ndependency "db" {\n  config_path = "../db"\n}\ndependency "app" {\n  config_path = "../app"\n}\ninputs = {\n  id = "${dependency.db.outputs.id}${dependency.app.outputs.id}"\n}\n',
    };
    const { estate, moved } = await switched(files, 'live/db', 'live/db-2');
    expect(moved).toEqual(['live/app', 'live/api']);
    expect(estate.read('live/app/terragrunt.hcl')).toBe(files['live/app/terragrunt.hcl'].replace('../db"', '../db-2"'));
    expect(estate.read('live/api/terragrunt.hcl')).toBe(files['live/api/terragrunt.hcl'].replace('../db"', '../db-2"'));
  });

  const root = (key: string, body: string) =>
    `terraform {\n  backend "s3" {\n    bucket = "acme"\n    key    = "${key}"\n    region = "eu-west-1"\n  }\n}\n${body}`;
  const reading = (body: string) =>
    root('app/terraform.tfstate', `${body}output "url" {\n  value = data.terraform_remote_state.db.outputs.id\n}\n`);
  const databases = {
    'db/main.tf': root('db/terraform.tfstate', 'output "id" {\n  value = "a"\n}\n'),
    'db-2/main.tf': root('db-2/terraform.tfstate', 'output "id" {\n  value = "b"\n}\n'),
  };

  it('points root modules at the state of the other one', async () => {
    const files = {
      ...databases,
      'app/main.tf': reading(
        'data "terraform_remote_state" "db" {\n  backend = "s3"\n  config = {\n    bucket = "acme"\n    key    = "db/terraform.tfstate" # the one\n    region = "eu-west-1"\n  }\n}\n',
      ),
    };
    const { estate, answer, moved } = await switched(files, 'db', 'db-2');
    expect(answer.refused).toEqual([]);
    expect(moved).toEqual(['app']);
    expect(estate.read('app/main.tf')).toBe(files['app/main.tf'].replace('"db/terraform', '"db-2/terraform'));
  });

  it('says which state is to be named where no literal names it whole', async () => {
    const files = {
      ...databases,
      'app/main.tf': reading(
        'locals {\n  which = "db"\n}\ndata "terraform_remote_state" "db" {\n  backend = "s3"\n  config = {\n    bucket = "acme"\n    key    = "${local.which}/terraform.tfstate"\n    region = "eu-west-1"\n  }\n}\n',
      ),
    };
    const { answer, moved } = await switched(files, 'db', 'db-2');
    expect(moved).toEqual([]);
    expect(answer.refused).toMatchObject([
      {
        component: 'app',
        file: 'app/main.tf',
        ways: [
          expect.stringMatching(
            /^name the state s3:\/\/acme\/db-2\/terraform.tfstate in the place of s3:\/\/acme\/db\//,
          ),
          expect.any(String),
        ],
      },
    ]);
  });

  const told =
    'variable "component_name" {}\nvariable "nickname" {}\ndata "aws_ssm_parameter" "config" {\n  name = "/iac/${var.component_name}/${var.nickname}/config"\n}\nlocals {\n  config = jsondecode(data.aws_ssm_parameter.config.value)\n}\n';

  it('points configs at the other one by their nicknames', async () => {
    const files = {
      'components/database/main.tf': `${told}resource "aws_ssm_parameter" "runtime" {\n  name  = "/iac/database/\${var.nickname}/runtime"\n  value = jsonencode({ url = "x" })\n}\n`,
      'components/app/main.tf': `${told}data "aws_ssm_parameter" "db" {\n  name = "/iac/database/\${local.config.database_nickname}/runtime"\n}\noutput "url" {\n  value = jsondecode(data.aws_ssm_parameter.db.value).url\n}\n`,
      'iac/prod/database/main/config.json': '{}\n',
      'iac/prod/database/main-2/config.json': '{}\n',
      'iac/prod/app/web/config.json': '{\n  "name": "main",\n  "database_nickname": "main"\n}\n',
    };
    const { estate, moved } = await switched(files, 'prod/database/main', 'prod/database/main-2');
    expect(moved).toEqual(['prod/app/web']);
    expect(estate.read('iac/prod/app/web/config.json')).toBe(
      '{\n  "name": "main",\n  "database_nickname": "main-2"\n}\n',
    );
  });

  it('is refused where something that is read is not there', async () => {
    const files = {
      'm/main.tf': 'output "id" {\n  value = "x"\n}\n',
      'n/main.tf': 'output "other" {\n  value = "x"\n}\n',
      'live/db/terragrunt.hcl': 'terraform {\n  source = "../../m"\n}\n',
      'live/db-2/terragrunt.hcl': 'terraform {\n  source = "../../n"\n}\n',
      'live/app/terragrunt.hcl':
        'terraform {\n  source = "../../m"\n}\ndependency "db" {\n  config_path = "../db"\n}\ninputs = {\n  id = dependency.db.outputs.id\n}\n',
    };
    await expect(switched(files, 'live/db', 'live/db-2')).rejects.toThrow(
      'live/db-2 has no `id`, which live/app reads',
    );
  });

  it('is made for all who read it or for none, and says who names it otherwise', async () => {
    const files = {
      'm/main.tf': 'variable "id" {\n  default = ""\n}\noutput "id" {\n  value = var.id\n}\n',
      'live/db/terragrunt.hcl': 'terraform {\n  source = "../../m"\n}\n',
      'live/db-2/terragrunt.hcl': 'terraform {\n  source = "../../m"\n}\n',
      'live/a/terragrunt.hcl':
        'terraform {\n  source = "../../m"\n}\ndependency "db" {\n  config_path = "../db"\n}\ninputs = {\n  id = dependency.db.outputs.id\n}\n',
      'live/b/terragrunt.hcl':
        'locals {\n  name = "db"\n}\nterraform {\n  source = "../../m"\n}\ndependency "db" {\n  config_path = "../${local.name}"\n}\ninputs = {\n  id = dependency.db.outputs.id\n}\n',
    };
    const { answer, moved } = await switched(files, 'live/db', 'live/db-2');
    expect(moved).toEqual([]);
    expect(answer).toMatchObject({
      files: [],
      written: false,
      refused: [{ component: 'live/b', file: 'live/b/terragrunt.hcl' }],
    });
  });
});
