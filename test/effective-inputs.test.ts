import { afterAll, describe, expect, it } from 'vitest';
import { schemaChecker } from '../src/config/schema-check.ts';
import { showConfig, validateConfigs } from '../src/engine/verbs/config.ts';
import { typeDocs, typeMarkdown } from '../src/engine/verbs/type-docs.ts';
import { inferType } from '../src/engine/verbs/type-infer.ts';
import { TemporaryFolder } from '../src/observe/git/temporary-repository.ts';
import { type Files, smallEstates } from './support/small-estates.ts';

/** What a component is given, key by key with the place that says so, and judged by its module: in all layouts. */

const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const estateOf = smallEstates(folder);
const contextOf = (files: Files) => estateOf(files).context();

async function explained(files: Files, id: string) {
  const { keys } = await showConfig(contextOf(files), id);
  return keys.map(({ deployment, pointer, value, file, line, preset, over = [] }) =>
    [
      deployment === undefined ? pointer : `${deployment} ${pointer}`,
      JSON.stringify(value),
      `${file}:${line}${preset === true ? ' default' : ''}`,
      ...over.map((one) => `over ${one.file}:${one.line}`),
    ].join(' '),
  );
}

const module =
  'variable "size" {\n  type = number\n  validation {\n    condition = var.size > 0\n    error_message = "no"\n  }\n}\nvariable "tier" {\n  type = string\n  default = "small"\n  validation {\n    condition = contains(["small", "large"], var.tier)\n    error_message = "no"\n  }\n}\nvariable "password" {\n  type = string\n  default = ""\n  sensitive = true\n}\n';

const unit = (inputs: string): Files => ({
  'root.hcl': 'inputs = {\n  size = 1\n}\n',
  'common.yaml': 'tier: large\n',
  'modules/m/main.tf': module,
  'live/app/terragrunt.hcl': `include "root" { path = find_in_parent_folders("root.hcl") }\nterraform { source = "../../modules/m" }\ninputs = ${inputs}\n`,
});

const root = (varFile: string): Files => ({
  'app/main.tf': `terraform {\n  backend "s3" {}\n}\n${module}`,
  'app/terraform.tfvars': 'size = 1\n',
  'app/envs/dev.tfvars': varFile,
  'app/envs/prod.tfvars': 'size = 9\n',
});

describe('what a component is given', () => {
  it('by a Terragrunt unit, what it includes and the files it reads', async () => {
    const files = unit('merge(yamldecode(file("../../common.yaml")), {\n  size = 2\n})');
    expect((await explained(files, 'live/app')).sort()).toEqual([
      '/size 2 live/app/terragrunt.hcl:4 over root.hcl:2',
      '/tier "large" common.yaml:1',
    ]);
  });

  it('by files of variables, the last over the others and the default under all', async () => {
    expect(await explained(root('size = 3\npassword = "hunter2-hunter2"\n'), 'app')).toEqual([
      'dev /size 3 app/envs/dev.tfvars:1 over app/terraform.tfvars:1',
      'dev /tier "small" app/main.tf:11 default',
      'dev /password "(redacted)" app/envs/dev.tfvars:2 over app/main.tf:19',
      'prod /size 9 app/envs/prod.tfvars:1 over app/terraform.tfvars:1',
      'prod /tier "small" app/main.tf:11 default',
      'prod /password "(redacted)" app/main.tf:19 default',
    ]);
  });
});

it('what stands in no file and decided too is named, without its value', async () => {
  const { keys, asked } = await showConfig(
    contextOf({
      'live/app/terragrunt.hcl':
        'terraform { source = "git::https://example.org/m.git?ref=v1" }\ninputs = { a = get_env("WHO_IS_IT", "nobody"), b = get_env("HOME") }\n',
    }),
    'live/app',
  );
  expect(keys.map(({ value }) => value)).toEqual(['nobody', '/nonexistent']);
  expect(asked).toEqual([
    { name: 'HOME', isSet: true },
    { name: 'WHO_IS_IT', isSet: false },
  ]);
});

async function judged(files: Files) {
  const { findings, judged: many } = await validateConfigs(contextOf(files), []);
  return [many, ...findings.map(({ code, subject, message }) => `${code} ${subject}: ${message}`)];
}

describe('what a component is given is judged by its module', () => {
  it.each<[string, Files]>([
    ['what Terragrunt hands on as text', unit('{ size = "2", tier = "small" }')],
    ['what only a run knows', unit('{ size = 2, tier = dependency.x.outputs.tier }')],
    ['what Terraform converts', root('size = "3"\ntier = "large"\n')],
  ])('%s is accepted', async (_what, files) => {
    expect(await judged(files)).toEqual([1]);
  });

  it('by type and by validation, in the deployment that has it', async () => {
    expect(await judged(unit('{ size = "many", tier = "medium" }'))).toMatchObject([
      1,
      'schema-violation live/app: the variable "size": it is no number',
      expect.stringMatching(/^schema-violation live\/app: the variable "tier".*small/),
    ]);
    expect(await judged(root('size = 3\ntier = "medium"\n'))).toMatchObject([
      1,
      expect.stringMatching(/^schema-violation app: the variable "tier" in dev/),
    ]);
  });

  it('by what a component.yaml beside the module declares, and its own faults are told', async () => {
    const declared = 'extends: modules/base\ninputs: { tier: { enum: [small, huge] } }\nchecks: [outputs.x ==]\n';
    const files = {
      ...unit('{ size = 2, tier = "large" }'),
      'modules/m/component.yaml': declared,
      'modules/base/component.yaml':
        'inputs: { type: object, required: [owner], properties: { size: { maximum: 1 } } }\n',
    };
    const { findings } = await validateConfigs(contextOf(files), []);
    expect(findings.map(({ code, subject, message }) => `${code} ${subject} ${message}`).sort()).toEqual([
      expect.stringMatching(/^component-type-invalid type modules\/m a check cannot be used: it is no CEL/),
      `schema-violation live/app "size" must be <= 1 (modules/m/component.yaml)`,
      `schema-violation live/app "tier" must be one of ["small","huge"] (modules/m/component.yaml)`,
      `schema-violation live/app the inputs must have required property 'owner' (modules/m/component.yaml)`,
    ]);
  });

  it('and where there is nothing to judge by, that is said', async () => {
    const files = {
      'live/app/terragrunt.hcl': 'terraform { source = "git::https://example.org/m.git" }\ninputs = { a = 1 }\n',
    };
    expect(await judged(files)).toEqual([0]);
  });
});

describe('what a type takes', () => {
  it('is not called required where whoever runs it says it', async () => {
    const files = {
      'app/main.tf': 'terraform {\n  backend "s3" {}\n}\nvariable "size" {}\nvariable "token" {}\n',
      'app/envs/dev.tfvars': 'size = 1\n',
      'app/envs/prod.tfvars': 'size = 2\n',
    };
    const { declaration, elsewhere } = await inferType(contextOf(files), 'app');
    expect([declaration.inputs['required'], elsewhere]).toEqual([['size'], [{ input: 'token', because: 'app' }]]);
    const written = { ...files, 'app/component.yaml': JSON.stringify(declaration) };
    expect(await judged(written)).toEqual([1]);
  });

  it('is inferred from its variables, and what its components are given is accepted', async () => {
    const context = contextOf({
      ...unit('{ size = "2", tier = "small" }'),
      'modules/m/outputs.tf': 'output "id" { value = 1 }\n',
    });
    const { declaration, widened, users } = await inferType(context, 'm');
    expect(declaration.inputs).toMatchObject({
      properties: {
        tier: { type: 'string', enum: ['small', 'large'], default: 'small' },
        password: { type: 'string' },
      },
      required: ['size'],
    });
    expect([users, declaration.outputs, declaration.sensitive]).toEqual([1, { id: {} }, ['password']]);
    expect(widened).toEqual([{ input: 'size', because: 'live/app' }]);
    const checker = schemaChecker(declaration.inputs);
    expect(checker.check({ size: '2', tier: 'small' })).toEqual([]);
    expect(checker.check({ size: 2, tier: 'medium' })).toHaveLength(1);
  });

  it('is told as a page, with who reads each output', async () => {
    const context = contextOf({
      'modules/m/main.tf':
        'variable "a" {\n  type = string\n  description = "a | b"\n}\noutput "id" { value = var.a }\n',
      'live/net/terragrunt.hcl': 'terraform { source = "../../modules/m" }\ninputs = { a = "x" }\n',
      'live/app/terragrunt.hcl':
        'terraform { source = "../../modules/m" }\ndependency "net" { config_path = "../net" }\ninputs = { a = dependency.net.outputs.id }\n',
    });
    const page = typeMarkdown(await typeDocs(context, 'm'));
    expect(page).toContain('used by 2 components: `live/app`, `live/net`.');
    expect(page).toContain('| `a` | string | **required** | a &#124; b |');
    expect(page).toContain('| `id` | `live/app` |');
    expect(page).toContain('- m (1 of 2)');
  });

  it('is made of the configs in an Adage estate, none of which it refuses', async () => {
    const files = Object.fromEntries(
      [1, 2].map((n) => [
        `iac/dev/app/a${n}/config.json`,
        `{"size": ${n}, "tags": {"n": "${n}"}${n === 1 ? ', "x": null' : ''}}`,
      ]),
    );
    const context = contextOf({
      ...files,
      'components/app/main.tf': 'variable "nickname" {}\n',
      'account_environments/dev.json': '{"account_id": "000000000001", "region": "eu-west-1"}',
    });
    const { declaration } = await inferType(context, 'app');
    expect(declaration.inputs).toMatchObject({ properties: { size: { type: 'number' }, x: { type: 'null' } } });
    const checker = schemaChecker(declaration.inputs);
    for (const file of Object.values(files)) expect(checker.check(JSON.parse(file))).toEqual([]);
  });
});
