import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { diffTwoEnvironments, environmentMatrix, listEnvironments } from '../src/engine/verbs/environments.ts';
import { TemporaryFolder } from '../src/observe/git/temporary-repository.ts';
import { type Files, smallEstates } from './support/small-estates.ts';
import { times } from './support/times.ts';

/** One thing in several places: two environments compared object by object, in estates of all layouts. */

const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const estateOf = smallEstates(folder);
const contextOf = (files: Files) => estateOf(files).context();

const both = (files: (environment: string) => Files): Files => ({ ...files('dev'), ...files('prod') });

async function told(files: Files, more: { readonly select?: readonly string[] } = {}) {
  const { compared, counts } = await diffTwoEnvironments(contextOf(files), { from: 'dev', to: 'prod', ...more });
  return {
    objects: Object.fromEntries(
      compared.map(({ object, outcome, differences, unknown }) => [
        object,
        [outcome, ...differences.filter(({ expected }) => expected === undefined).map(({ key }) => key), ...unknown],
      ]),
    ),
    expected: counts.expected,
  };
}

describe('two environments', () => {
  it('of a Terragrunt estate differ in the inputs that do, and not in names, states and paths', async () => {
    const files = both((env) => ({
      'root.hcl': 'remote_state {\n  backend = "local"\n  config = { path = "/s/${path_relative_to_include()}" }\n}\n',
      'modules/m/main.tf': 'variable "size" {}\nvariable "name" {}\noutput "id" { value = var.name }\n',
      [`live/${env}/net/terragrunt.hcl`]: `include "r" { path = find_in_parent_folders("root.hcl") }\nterraform { source = "../../../modules/m" }\ninputs = { size = 1, name = "net-${env}" }\n`,
      [`live/${env}/app/terragrunt.hcl`]: `include "r" { path = find_in_parent_folders("root.hcl") }\nterraform { source = "../../../modules/m" }\ndependency "net" { config_path = "../net" }\ninputs = { size = ${env === 'dev' ? 1 : 3}, name = dependency.net.outputs.id }\n`,
    }));
    expect(await told(files)).toEqual({
      objects: { app: ['differs', '/inputs/size'], net: ['same'] },
      expected: { 'named after its environment': 2, 'where its state is kept': 2 },
    });
  });

  it('of root modules in folders differ in what their blocks say, and a secret is not shown', async () => {
    const files = both((env) => ({
      [`${env}/db/main.tf`]: `terraform {\n  backend "s3" {\n    bucket = "b-${env}"\n    key = "db"\n  }\n}\nresource "x_y" "z" {\n  size = ${env === 'dev' ? 1 : 2}\n  password = "${env === 'dev' ? 'hunter2hunter2' : 'tr0ub4dor-and-3'}"\n  # ${env}\n}\n`,
    }));
    expect(await told(files)).toMatchObject({
      objects: { db: ['differs', '/resource.x_y.z/password', '/resource.x_y.z/size'] },
    });
    const answer = JSON.stringify(await diffTwoEnvironments(contextOf(files), { from: 'dev', to: 'prod' }));
    expect(answer).not.toMatch(/hunter2|tr0ub4dor/);
  });

  it('of one root module with variable files are its deployments', async () => {
    const files: Files = {
      'app/main.tf': 'terraform {\n  backend "s3" {}\n}\nvariable "name" {}\nvariable "size" { default = 1 }\n',
      'app/env/dev.tfvars': 'name = "dev"\n',
      'app/env/prod.tfvars': 'name = "prod"\nsize = 4\n',
    };
    expect(await told(files)).toMatchObject({ objects: { app: ['differs', '/variables/size'] } });
  });

  it('of an Adage estate differ in the keys of their configs, but for what karma.yaml expects', async () => {
    const files = (expected: string) => ({
      'karma.yaml': `estate: shop\n${expected}`,
      'components/app/main.tf': 'variable "nickname" {}\n',
      ...both((env) => ({
        [`account_environments/${env}.json`]: `{"account_id": "00000000000${env === 'dev' ? 1 : 2}", "region": "eu-west-1"}`,
        [`iac/${env}/app/web/config.json`]: `{"size": ${env === 'dev' ? 1 : 2}, "tags": {"team": "web"}, "host": "web.${env}.example.org"}`,
      })),
    });
    expect(await told(files(''))).toMatchObject({ objects: { 'app/web': ['differs', '/size'] } });
    const rule = 'environments:\n  expected:\n    - { key: /size, reason: prod is larger }\n';
    expect(await told(files(rule))).toEqual({
      objects: { 'app/web': ['same'] },
      expected: { 'named after its environment': 1, 'prod is larger': 1 },
    });
  });

  it('a key that is called after its environment is one key, where it holds the same', async () => {
    const files = both((env) => ({
      [`live/${env}/net/terragrunt.hcl`]: `terraform { source = "git::https://example.org/m.git?ref=v1" }\ninputs = {\n  ranges = { "${env}-subnet" = [{ name = "pods-${env}", cidr = "10.0.0.0/8" }] }\n  flags = { "${env}-bucket" = ${env === 'dev'} }\n}\n`,
    }));
    expect(await told(files)).toMatchObject({
      objects: { net: ['differs', '/inputs/flags/dev-bucket', '/inputs/flags/prod-bucket'] },
    });
  });

  it('list what only one has, and a third is a column of a table', async () => {
    const unit = (size: number) => `terraform { source = "git::https://example.org/m.git?ref=v${size}" }\n`;
    const context = contextOf({
      'live/dev/a/terragrunt.hcl': unit(1),
      'live/stage/a/terragrunt.hcl': unit(2),
      'live/prod/a/terragrunt.hcl': unit(1),
      'live/prod/b/terragrunt.hcl': unit(1),
    });
    const { environments } = await listEnvironments(context);
    expect(environments).toEqual([
      { name: 'dev', objects: 1, onlyHere: 0 },
      { name: 'prod', objects: 2, onlyHere: 1 },
      { name: 'stage', objects: 1, onlyHere: 0 },
    ]);
    const { rows } = await environmentMatrix(context, { environments: ['dev', 'stage', 'prod'] });
    expect(rows.map(({ object, cells }) => [object, ...cells.map(({ state }) => state)])).toEqual([
      ['a', 'first', 'differs', 'same'],
      ['b', 'missing', 'missing', 'first'],
    ]);
  });

  it('that is not there is named, with the nearest', async () => {
    const context = contextOf({ 'live/dev/a/terragrunt.hcl': 'inputs = {}\n' });
    await expect(diffTwoEnvironments(context, { from: 'dev', to: 'devv' })).rejects.toMatchObject({
      code: 'KARMA_NOT_FOUND',
      hint: 'did you mean `dev`?',
    });
  });
});

type Given = Readonly<Record<string, unknown>>;
const hcl = (value: unknown): string => JSON.stringify(value).replaceAll('":', '" =');

/** Objects of one environment beside those of another, in each layout. */
const layouts: Readonly<Record<string, (dev: readonly Given[], prod: readonly Given[]) => Files>> = {
  Adage: (dev, prod) => ({
    'components/app/main.tf': '',
    ...Object.fromEntries(
      Object.entries({ dev, prod }).flatMap(([env, all]) =>
        all.map((one, at) => [`iac/${env}/app/n${at}/config.json`, JSON.stringify(one)]),
      ),
    ),
  }),
  Terragrunt: (dev, prod) => ({
    'root.hcl': 'inputs = {\n  shared = 1\n}\n',
    'modules/m/main.tf': 'variable "a" { default = 0 }\n',
    ...Object.fromEntries(
      Object.entries({ dev, prod }).flatMap(([env, all]) =>
        all.map((one, at) => [
          `live/${env}/n${at}/terragrunt.hcl`,
          `include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\nterraform {\n  source = "../../../modules/m"\n}\nlocals {\n  said = ${hcl(one)}\n}\ninputs = merge(local.said, { more = 1 })\n`,
        ]),
      ),
    ),
  }),
  'plain Terraform': (dev, prod) =>
    Object.fromEntries(
      dev.flatMap((one, at) => [
        [
          `n${at}/main.tf`,
          `terraform {\n  backend "s3" {}\n}\n${['a', 'b', 'c'].map((name) => `variable "${name}" {\n  default = null\n}\n`).join('')}`,
        ],
        ...[one, prod[at] ?? {}].map((given, place) => [
          `n${at}/envs/${place === 0 ? 'dev' : 'prod'}.tfvars`,
          Object.entries(given)
            .map(([key, value]) => `${key} = ${hcl(value)}\n`)
            .join(''),
        ]),
      ]),
    ),
};

/** Some places may only be told as part of what they lie in: a list is a whole. */
function changed(value: unknown, turns: readonly number[], to: unknown): unknown {
  const [turn = 0, ...rest] = turns;
  if (value === null || typeof value !== 'object')
    return JSON.stringify(value) === JSON.stringify(to) ? `${to} too` : to;
  const keys = Object.keys(value);
  const key = keys[turn % Math.max(1, keys.length)];
  if (key === undefined) return to;
  const member = changed((value as Record<string, unknown>)[key], rest, to);
  if (Array.isArray(value)) return value.map((item, at) => (String(at) === key ? member : item));
  return { ...value, [key]: member };
}

describe.each(Object.entries(layouts))(
  'whatever is changed in one environment of an estate of %s',
  (_name, filesOf) => {
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>('x', 'dev', 'a-dev', '', 0, 1.5, true, false),
        fc.array(fc.constantFrom<unknown>('p', 1), { minLength: 1, maxLength: 3 }),
        fc.dictionary(fc.constantFrom('k', 'l'), tie('value'), { minKeys: 1, maxKeys: 2 }),
      ),
    }));
    const given = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value, { minKeys: 1, maxKeys: 3 });

    it('is told of that object, and of no other', async () => {
      const scene = fc.record({
        objects: fc.array(given, { minLength: 2, maxLength: 3 }),
        which: fc.nat(2),
        turns: fc.array(fc.nat(3), { minLength: 4, maxLength: 4 }),
        to: fc.constantFrom<unknown>('y', 'prod', 2, false, 'x '),
      });
      await fc.assert(
        fc.asyncProperty(scene, async ({ objects, which, turns, to }) => {
          const at = which % objects.length;
          const after = objects.map((one, place) => (place === at ? (changed(one, turns, to) as Given) : one));
          const { objects: found, expected } = await told(filesOf(objects, after));
          const outcomes = Object.values(found).map(([outcome]) => outcome);
          // A name of the one that became the name of the other is told among what is expected, and nothing else is folded.
          const folded = expected['named after its environment'] ?? 0;
          expect(outcomes.filter((outcome) => outcome === 'differs').length + folded).toBe(1);
          expect(outcomes.filter((outcome) => outcome !== 'differs' && outcome !== 'same')).toEqual([]);
        }),
        { numRuns: times(6), seed: Number(process.env['KARMA_SEED'] ?? 17) },
      );
    });
  },
);
