import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  environmentPromoteProposeVerb,
  environmentPromoteVerb,
  environmentPromoteWriteVerb,
} from '../src/engine/verbs/environment-promote.ts';
import { diffTwoEnvironments } from '../src/engine/verbs/environments.ts';
import { answerTo } from '../src/engine/verbs/verb.ts';
import { TemporaryFolder } from '../src/observe/git/temporary-repository.ts';
import { type Files, smallEstates } from './support/small-estates.ts';

/** Objects that only one environment has, made in the other: in every layout, with what belongs to the environment said as it is there. */

const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const estateOf = smallEstates(folder);

const asked = { from: 'dev', to: 'prod', select: undefined, where: undefined };

/** What would be made, by path, and what is refused. */
async function promoted(files: Files) {
  const {
    created,
    refused,
    files: edited,
    kept,
  } = await answerTo(estateOf(files).context(), environmentPromoteVerb, asked);
  const fresh = edited.filter(({ diff }) => diff.includes('\n--- /dev/null\n'));
  return {
    files: Object.fromEntries(
      fresh.map(({ path, diff }) => [
        path,
        [...diff.matchAll(/^\+(?!\+\+ )(.*)$/gm)].map(([, line]) => line).join('\n'),
      ]),
    ),
    created: created.map(({ component, deployment }) =>
      deployment === undefined ? component : `${component}@${deployment}`,
    ),
    carried: created.flatMap(({ carried }) => carried.map(({ pointer, why }) => `${pointer}: ${why}`)),
    refused: refused.map(({ component, pointer, reason }) => `${component} ${pointer}: ${reason}`),
    kept: kept.map(({ component, pointer, why }) => `${component} ${pointer}: ${why}`),
  };
}

const accounts = { dev: '111111111111', prod: '222222222222' } as const;

describe('of an Adage estate', () => {
  const app = (env: 'dev' | 'prod') => ({
    'components/app/main.tf': 'variable "nickname" {}\n',
    [`iac/${env}/app/web/config.json`]: `{"role": "arn:aws:iam::${accounts[env]}:role/web", "host": "web.${env}.example.org", "zone": "z-${env === 'dev' ? 1 : 2}"}`,
  });
  const both = { 'karma.yaml': 'estate: shop\n', ...app('dev'), ...app('prod') };

  it('a config is said with the names, the account and what is expected to differ as the other environment says them', async () => {
    const rule =
      'environments:\n  expected:\n    - { key: /zone, reason: each has its own }\n    - { key: /size, reason: prod is larger }\n';
    const config =
      '{\n  "role": "arn:aws:iam::111111111111:role/jobs",\n  "host": "jobs.dev.example.org",\n  "zone": "z-1",\n  "size": 1\n}\n';
    expect(
      await promoted({ ...both, 'karma.yaml': `estate: shop\n${rule}`, 'iac/dev/app/jobs/config.json': config }),
    ).toEqual({
      files: {
        'iac/prod/app/jobs/config.json':
          '{\n  "role": "arn:aws:iam::222222222222:role/jobs",\n  "host": "jobs.prod.example.org",\n  "zone": "z-2",\n  "size": 1\n}',
      },
      created: ['prod/app/jobs'],
      carried: ['/zone: expected to differ: each has its own', '/size: expected to differ: prod is larger'],
      refused: [],
      kept: ['prod/app/web /role: the account'],
    });
  });

  it.each([
    [
      'an account that nothing translates',
      '{"role": "arn:aws:iam::333333333333:role/x"}',
      /account 333333333333 is in prod/,
    ],
    ['a secret', '{"password": "hunter2hunter2"}', /\/password is a secret/],
    ['a parent that is not there', '{"$extends": "dev/app/base"}', /prod\/app\/base/],
  ])('is refused %s', async (_what, config, reason) => {
    const base = config.includes('extends') ? { 'iac/dev/app/base/config.json': '{"password": "hunter2hunter2"}' } : {};
    const { files, refused } = await promoted({ ...both, ...base, 'iac/dev/app/jobs/config.json': config });
    expect(files).toEqual({});
    expect(refused.filter((one) => one.startsWith('dev/app/jobs'))).toEqual([expect.stringMatching(reason)]);
  });

  it('what reads something that is not there goes with it, or not at all', async () => {
    const estate = (more: Files): Files => ({
      'karma.yaml': 'estate: shop\n',
      'components/vpc/main.tf': 'output "id" { value = "x" }\n',
      'components/app/main.tf': 'variable "vpc" {}\nresource "terraform_data" "a" { input = var.vpc.id }\n',
      'components/app/component.yaml': 'references:\n  vpc: { type: vpc, by: vpc_nickname }\n',
      'iac/prod/app/other/config.json': '{}',
      'iac/dev/app/web/config.json': '{"vpc_nickname": "main"}',
      ...more,
    });
    const vpc = { 'iac/dev/vpc/main/config.json': '{}' };
    expect((await promoted(estate(vpc))).created).toEqual(['prod/app/web', 'prod/vpc/main']);
    const secret = { 'iac/dev/vpc/main/config.json': '{"password": "hunter2hunter2"}' };
    const { created, refused } = await promoted(estate(secret));
    expect(created).toEqual([]);
    expect(refused).toHaveLength(2);
  });
});

describe('of a Terragrunt estate', () => {
  const unit = (env: string, name: string, more = '') =>
    `include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\nterraform {\n  source = "git::https://example.org/m.git//${name}?ref=v2"\n}\n${more}inputs = {\n  name = "${name}-${env}" # of it\n}\n`;
  const files: Files = {
    'root.hcl':
      'locals {\n  env = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals\n}\nremote_state {\n  backend = "local"\n  config = { path = "/s/${path_relative_to_include()}" }\n}\n',
    'live/dev/env.hcl': 'locals {\n  name = "dev"\n}\n',
    'live/prod/env.hcl': 'locals {\n  name = "prod"\n}\n',
    'live/dev/net/terragrunt.hcl': unit('dev', 'net'),
    'live/prod/net/terragrunt.hcl': unit('prod', 'net'),
    'live/dev/app/terragrunt.hcl': unit('dev', 'app', 'dependency "net" {\n  config_path = "../net"\n}\n'),
  };

  it('a unit is made beside the others, its comments kept, and reads what they read', async () => {
    const estate = estateOf(files);
    const told = await answerTo(estate.context(), environmentPromoteWriteVerb, asked);
    expect(told).toMatchObject({
      written: true,
      refused: [],
      created: [{ component: 'live/prod/app', like: 'live/dev/app' }],
    });
    expect(readFileSync(join(estate.root, 'live/prod/app/terragrunt.hcl'), 'utf8')).toBe(
      unit('prod', 'app', 'dependency "net" {\n  config_path = "../net"\n}\n'),
    );
    const { counts, onlyFrom } = await diffTwoEnvironments(estate.context(), { from: 'dev', to: 'prod' });
    expect([counts.same, counts.differs, counts.unknown, onlyFrom]).toEqual([2, 0, 0, []]);
  });

  it('is refused a unit that would read the other environment, or whose includes are not there', async () => {
    const foreign = unit('dev', 'app', 'dependency "net" {\n  config_path = "${get_repo_root()}/live/dev/net"\n}\n');
    expect((await promoted({ ...files, 'live/dev/app/terragrunt.hcl': foreign })).refused).toEqual([
      'live/dev/app : it would read live/dev/net, which is of dev',
    ]);
    const more = unit('dev', 'app', 'locals {\n  team = read_terragrunt_config("../team.hcl")\n}\n');
    const { refused } = await promoted({
      ...files,
      'live/dev/team.hcl': 'locals {}\n',
      'live/dev/app/terragrunt.hcl': more,
    });
    expect(refused).toEqual([expect.stringContaining('team.hcl')]);
  });
});

describe('of root modules', () => {
  const main = (backend: string) =>
    `terraform {\n  backend "s3" {\n${backend}  }\n}\nvariable "name" {}\nvariable "size" { default = 1 }\noutput "id" { value = var.name }\n`;

  it('a deployment is made by its files of variables and of its backend, and does not take the state of another', async () => {
    const files = (key: string): Files => ({
      'a/main.tf': main('    bucket = "b"\n'),
      'a/env/dev.tfvars': 'name = "a-dev" # it\n',
      'a/env/test.tfvars': 'name = "a-test"\n',
      'a/env/dev.tfbackend': `key = "${key}"\n`,
      'a/env/test.tfbackend': 'key = "a/test"\n',
      'b/main.tf': main('    bucket = "b"\n    key = "b"\n'),
      'b/env/dev.tfvars': 'name = "b-dev"\n',
      'b/env/prod.tfvars': 'name = "b-prod"\n',
    });
    expect(await promoted(files('a/dev'))).toMatchObject({
      files: { 'a/env/prod.tfvars': 'name = "a-prod" # it', 'a/env/prod.tfbackend': 'key = "a/prod"' },
      created: ['a@prod'],
      refused: [],
    });
    expect((await promoted(files('a/one'))).refused).toEqual([
      expect.stringContaining('a : it would keep its state where dev keeps its own: s3://b/a/one'),
    ]);
  });

  it('a module of its own in each environment is made in its folder, and proposed as a change', async () => {
    const estate = estateOf({
      'dev/db/main.tf': main('    bucket = "b-dev"\n    key = "db"\n').replace(
        'variable "name" {}',
        'variable "name" { default = "db-dev" }',
      ),
      'dev/net/main.tf': main('    bucket = "b-dev"\n    key = "net"\n'),
      'prod/net/main.tf': main('    bucket = "b-prod"\n    key = "net"\n'),
    });
    const { proposed, created } = await answerTo(
      estate.context(),
      environmentPromoteProposeVerb,
      { ...asked, reason: undefined },
      { door: 'cli' } as never,
    );
    expect(created).toMatchObject([{ component: 'prod/db', like: 'dev/db' }]);
    expect(proposed.simulation.comparison.added).toEqual(['prod/db']);
    expect(existsSync(join(estate.root, 'prod/db'))).toBe(false);
  });
});
