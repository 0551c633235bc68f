import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../hcl/parse.ts';
import { Unknown } from '../../hcl/value.ts';
import { analyseModule } from './analyse.ts';
import { literalPrefixes } from './literal-prefix.ts';
import { ModuleLoader } from './load-module.ts';
import { viewOf } from './memory-view.fixture.ts';
import { parameterWrites } from './parameters.ts';

beforeAll(loadGrammar);

const texts = {
  'components/db/main.tf': `
    variable "nickname" { type = string }
    variable "iac_prefix" { default = "/iac" }
    variable "secret" {
      type      = map(list(string))
      sensitive = true
    }
    data "aws_ssm_parameter" "config" { name = "\${var.iac_prefix}/db/\${var.nickname}/config" }
    locals {
      config = jsondecode(nonsensitive(data.aws_ssm_parameter.config.value))
      size   = try(local.config.size, "small")
    }
    data "aws_ssm_parameter" "vpc" { name = "\${var.iac_prefix}/vpc/\${local.config.vpc_nickname}/runtime" }
    resource "aws_db" "main" {
      size = local.size
      tags = lookup(local.config, "tags", {})
      also = local.missing
    }
    module "net" { source = "../net" }
    module "far" { source = "git::https://example.com/m.git?ref=main" }
    module "near" { source = "git::https://example.com/m.git?ref=v1.2.0" }
    output "id" { value = aws_db.main.id }
  `,
  'components/db/write.tf': `
    resource "aws_ssm_parameter" "runtime" {
      name  = "/iac/db/\${var.nickname}/runtime"
      type  = "String"
      value = local.written
      lifecycle { ignore_changes = [value] }
    }
    locals { written = jsonencode({ endpoint = aws_db.main.endpoint, port = 5432 }) }
  `,
  'components/db/lambda/index.py': 'print(1)',
  'components/net/main.tf': 'output "x" { value = 1 }',
};

function analyse(over: Readonly<Record<string, string>> = {}) {
  const found = analyseModule({
    loader: new ModuleLoader(),
    view: viewOf({ ...texts, ...over }),
    path: 'components/db',
    name: 'db',
    resolveData: ({ resource }) => (resource.name === 'config' ? { value: Unknown.at('config') } : undefined),
  });
  if (found === undefined) throw new Error('no module');
  return found;
}

describe('a module type', () => {
  it('shows its shape', () => {
    const { row } = analyse();
    expect(row.variables).toEqual([
      { name: 'iac_prefix', required: false, sensitive: false },
      { name: 'nickname', required: true, sensitive: false, type: 'string' },
      { name: 'secret', required: true, sensitive: true, type: 'map(list(string))' },
    ]);
    expect(row.outputs).toEqual(['id']);
    expect(row.configKeys).toEqual([
      { pointer: '/size', default: '"small"' },
      { pointer: '/tags', default: '{}' },
      { pointer: '/vpc_nickname' },
    ]);
    expect(row.parametersRead).toEqual(['/iac/db/${var.nickname}/config', '/iac/vpc/${config.vpc_nickname}/runtime']);
    expect(row.parametersWritten).toEqual(['/iac/db/${var.nickname}/runtime']);
    expect(row.modules.map(({ name, source, remote }) => `${name} ${source} ${remote}`)).toEqual([
      'far git::https://example.com/m.git?ref=main true',
      'near git::https://example.com/m.git?ref=v1.2.0 true',
      'net components/net false',
    ]);
    expect(row.sites['data.aws_ssm_parameter.vpc.name']).toEqual(['components/db/main.tf', 13]);
  });

  it.each(['for_each = {}', 'for_each = toset([])', 'count = 0'])(
    'shows what stands in a module it calls with %s',
    (none) => {
      const { row } = analyse({
        'components/db/none.tf': `module "none" {\n  source = "../net"\n  ${none}\n  name = try(each.value.name, count.index)\n}`,
        'components/net/main.tf':
          'variable "name" {}\nmodule "far" {\n  source = var.name\n  for_each = toset([var.name])\n}',
      });
      expect(row.sites['module.none.module.far']).toEqual(['components/net/main.tf', 2]);
    },
  );

  it('shows what is wrong with it', () => {
    const { undeclared, floating, instance } = analyse();
    expect(undeclared.map(({ name, at }) => `${name} ${at.line}`)).toEqual(['local.missing 17']);
    expect(floating.map(({ source }) => source)).toEqual(['git::https://example.com/m.git?ref=main']);
    expect(literalPrefixes(instance.module, '/iac', 'iac_prefix').map(({ file }) => file)).toEqual([
      'components/db/write.tf',
    ]);
  });

  it('shows what it writes', () => {
    const [write] = parameterWrites(analyse().instance);
    expect(write).toMatchObject({ keys: ['endpoint', 'port'], alsoWritten: true, secure: false });
  });

  it.each<[what: string, over: Readonly<Record<string, string>>, same: boolean]>([
    ['nothing', {}, true],
    ['a program of it', { 'components/db/lambda/index.py': 'print(2)' }, false],
    ['a module that it calls', { 'components/net/main.tf': 'output "x" { value = 2 }' }, false],
    ['another module', { 'components/web/main.tf': '' }, true],
    ['a module below it that it does not call', { 'components/db/sub/main.tf': '' }, true],
    ['what was downloaded', { 'components/db/.terraform/x': '' }, true],
  ])('has a digest that changes with %s', (_what, over, same) => {
    expect(analyse(over).row.digest === analyse().row.digest).toBe(same);
  });
});
