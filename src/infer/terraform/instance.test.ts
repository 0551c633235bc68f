import { beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../hcl/evaluate.ts';
import { loadGrammar, parseExpression } from '../../hcl/parse.ts';
import { isUnknown, placesIn, type Value } from '../../hcl/value.ts';
import { type InstanceOptions, ModuleInstance } from './instance.ts';
import { NoInstanceError } from './instance-keys.ts';
import { ModuleLoader } from './load-module.ts';
import { viewOf } from './memory-view.fixture.ts';

function open(
  texts: Readonly<Record<string, string>>,
  more: Partial<InstanceOptions> & { readonly path?: string; readonly set?: Readonly<Record<string, Value>> } = {},
): ModuleInstance {
  const { path = '', set = {}, ...options } = more;
  const view = viewOf(texts);
  const loader = new ModuleLoader();
  const module = loader.load(view, path);
  if (module === undefined) throw new Error('no module');
  return new ModuleInstance(module, { loader, view, variables: (name) => set[name], ...options });
}

/** The value, or where it would come from. */
function answer(instance: ModuleInstance, source: string): unknown {
  const value = evaluate(parseExpression(source), instance);
  if (!isUnknown(value)) return value;
  return placesIn(value).map((place) => [place.source, ...place.steps].join(' '));
}

beforeAll(loadGrammar);

const vpc = `
  variable "name" { type = string }
  variable "sizes" {
    type    = map(object({ n = number, public = optional(bool, false) }))
    default = { a = { n = "1" } }
  }
  locals {
    full = "\${var.name}-vpc"
    none_set = null
    loop = local.pool
    pool = local.loop
  }
  data "aws_ssm_parameter" "own" { name = "/iac/vpc/\${var.name}/config" }
  data "aws_ssm_parameter" "each" {
    for_each = toset(["x", "y"])
    name     = "/iac/\${each.key}"
  }
  data "aws_ssm_parameter" "off" {
    count = 0
    name  = "/iac/off"
  }
  data "aws_ssm_parameter" "many" {
    for_each = jsondecode(data.aws_ssm_parameter.own.value).list
    name     = each.value
  }
  resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
`;

describe('a module with its variables', () => {
  it.each([
    ['local.full', 'main-vpc'],
    ['local.none_set', null],
    ['local.none_set == null', true],
    ['var.sizes.a.n', 1],
    ['var.sizes["a"].public', false],
    ['data.aws_ssm_parameter.own.name', '/iac/vpc/main/config'],
    ['data.aws_ssm_parameter.own.value', ['data.aws_ssm_parameter.own value']],
    ['data.aws_ssm_parameter.each["x"].name', '/iac/x'],
    ['[for k, d in data.aws_ssm_parameter.each : k]', ['x', 'y']],
    ['data.aws_ssm_parameter.each["y"].value', ['data.aws_ssm_parameter.each["y"] value']],
    ['data.aws_ssm_parameter.off[*].value', []],
    ['one(data.aws_ssm_parameter.off[*].value)', null],
    ['try(data.aws_ssm_parameter.off[0].value, "none")', 'none'],
    ['aws_vpc.main.cidr_block', '10.0.0.0/16'],
    ['aws_vpc.main.id', ['aws_vpc.main id']],
    ['path.module', '.'],
    ['path.cwd', '/estate'],
    ['basename(path.cwd)', []],
    ['terraform.workspace', ['terraform workspace']],
    ['var', { name: 'main', sizes: { a: { n: 1, public: false } } }],
  ])('%s', (source, expected) => {
    expect(answer(open({ 'main.tf': vpc }, { set: { name: 'main' } }), source)).toEqual(expected);
  });

  it('fails on a loop of locals and on what count switched off, and goes on with what is not declared', () => {
    const instance = open({ 'main.tf': vpc });
    expect(() => answer(instance, 'local.loop')).toThrow('needs itself');
    expect(answer(instance, 'local.none.x')).toEqual(['local.none x']);
    expect(answer(instance, '"${var.none}-x"')).toEqual(['var.none']);
    expect(answer(instance, 'data.aws_ssm_parameter.none.value')).toEqual(['data.aws_ssm_parameter.none value']);
    expect(answer(instance, 'module.none.x')).toEqual(['module.none x']);
    expect(() => answer(instance, 'data.aws_ssm_parameter.off[0].value')).toThrow(NoInstanceError);
  });

  it('asks the resolver for data, once for each instance', () => {
    const asked: string[] = [];
    const instance = open(
      { 'main.tf': vpc },
      {
        set: { name: 'main' },
        resolveData: ({ address, argument }) => {
          asked.push(`${address} ${JSON.stringify(argument('name'))}`);
          return address.endsWith('.own') ? { value: '{"list":{"k":"/iac/k"}}' } : undefined;
        },
      },
    );
    expect(answer(instance, 'data.aws_ssm_parameter.many["k"].value')).toEqual([
      'data.aws_ssm_parameter.many["k"] value',
    ]);
    expect(answer(instance, 'data.aws_ssm_parameter.own.name')).toBe('/iac/vpc/main/config');
    expect(answer(instance, 'data.aws_ssm_parameter.own.arn')).toEqual(['data.aws_ssm_parameter.own arn']);
    expect(asked).toEqual([
      'data.aws_ssm_parameter.own "/iac/vpc/main/config"',
      'data.aws_ssm_parameter.many["k"] "/iac/k"',
    ]);
  });

  it('keeps the place behind instances that only a run could tell', () => {
    const instance = open({ 'main.tf': vpc }, { set: { name: 'main' } });
    expect(answer(instance, 'data.aws_ssm_parameter.many["k"].value')).toEqual([
      'data.aws_ssm_parameter.many[*] value',
    ]);
    expect(answer(instance, 'data.aws_ssm_parameter.many[local.full].value')).toEqual([
      'data.aws_ssm_parameter.own value list',
      'data.aws_ssm_parameter.many main-vpc value',
    ]);
  });
});

describe('child modules', () => {
  const texts = {
    'live/main.tf': `
      module "net" {
        source   = "../modules/net"
        for_each = { eu = "10.1.0.0/16" }
        cidr     = each.value
        peer     = data.terraform_remote_state.base.outputs.peer
      }
      module "far" { source = "terraform-aws-modules/vpc/aws" }
      data "terraform_remote_state" "base" { backend = "s3" }
    `,
    'modules/net/main.tf': `
      variable "cidr" {}
      variable "peer" {}
      variable "size" { default = 3 }
      output "cidr" { value = var.cidr }
      output "peer" { value = var.peer.id }
      output "own" { value = data.aws_region.here.name }
      output "text" { value = file("\${path.module}/t.txt") }
      data "aws_region" "here" {}
    `,
    'modules/net/t.txt': 'hello',
  };
  it.each([
    ['module.net["eu"].cidr', '10.1.0.0/16'],
    ['module.net["eu"].peer', ['data.terraform_remote_state.base outputs peer id']],
    ['module.net["eu"].own', ['module.net["eu"].data.aws_region.here name']],
    ['module.net["eu"].text', 'hello'],
    ['{for k, m in module.net : k => m.cidr}', { eu: '10.1.0.0/16' }],
    ['module.far.vpc_id', ['module.far vpc_id']],
  ])('%s', (source, expected) => {
    expect(answer(open(texts, { path: 'live' }), source)).toEqual(expected);
  });

  it('ends where a module calls itself', () => {
    const instance = open({
      'main.tf': `
        variable "n" { default = 0 }
        module "again" {
          source = "./."
          n      = var.n + 1
        }
        output "x" { value = module.again.x }
      `,
    });
    expect(answer(instance, 'module.again.x')).toHaveLength(1);
  });
});

describe('reading a module', () => {
  it('keeps what override files do not replace: other dynamic blocks, conditions', () => {
    const view = viewOf({
      'a.tf': `resource "a" "b" {
  dynamic "one" {
    for_each = [1]
    content {}
  }
  two {}
  lifecycle {
    precondition {
      condition     = true
      error_message = "x"
    }
  }
}`,
      'a_override.tf': `resource "a" "b" {
  dynamic "two" {
    for_each = [1]
    content {}
  }
  lifecycle {
    precondition {
      condition     = false
      error_message = "y"
    }
  }
}`,
    });
    const body = new ModuleLoader().load(view, '')?.resources.get('a.b')?.body;
    const inner = body?.blocks.find(({ type }) => type === 'lifecycle')?.body.blocks ?? [];
    expect(body?.blocks.map(({ type, labels }) => [type, ...labels].join(' ')).sort()).toEqual([
      'dynamic one',
      'dynamic two',
      'lifecycle',
    ]);
    expect(inner).toHaveLength(2);
  });

  it('lays override files over the others and notices doubles', () => {
    const view = viewOf({
      'a.tf': 'variable "x" { default = 1 }\nlocals { l = 1 }\noutput "o" { value = 1 }',
      'b.tf': 'variable "x" { default = 2 }\nlocals { l = 2 }',
      'a_override.tf': 'variable "x" { default = 3 }\nlocals { l = 3 }',
      'c.tf.json': '{"output":{"p":{"value":"${var.x}"}}}',
      'broken.tf': 'resource "a" "b" {\n  x = \n}\n',
      'd.tf': 'output "t" { value = 1 }',
      'd.tofu': 'output "tofu" { value = 1 }',
      'e.tf~': 'nonsense',
    });
    const loader = new ModuleLoader();
    const module = loader.load(view, '');
    if (module === undefined) throw new Error('no module');
    const instance = new ModuleInstance(module, { loader, view, variables: () => undefined });
    expect(answer(instance, '[var.x, local.l]')).toEqual([3, 3]);
    expect(instance.output('p')).toBe(3);
    expect([...module.outputs.keys()].sort()).toEqual(['o', 'p', 'tofu']);
    expect(module.problems.map(({ code, key }) => `${code} ${key}`).sort()).toEqual([
      'hcl-duplicate local.l',
      'hcl-duplicate variable x',
      'hcl-unreadable broken.tf',
    ]);
    expect(loader.load(view, '')).toBe(module);
    expect(loader.load(view, 'nowhere')).toBeUndefined();
  });
});
