import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../hcl/parse.ts';
import type { Value } from '../../hcl/value.ts';
import { consumptionOf } from './consumption.ts';
import { ModuleInstance } from './instance.ts';
import { ModuleLoader } from './load-module.ts';
import { viewOf } from './memory-view.fixture.ts';

beforeAll(loadGrammar);

function consume(texts: Readonly<Record<string, string>>, set: Readonly<Record<string, Value>> = {}) {
  const view = viewOf(texts);
  const loader = new ModuleLoader();
  const module = loader.load(view, '');
  if (module === undefined) throw new Error('no module');
  return consumptionOf(new ModuleInstance(module, { loader, view, variables: (name) => set[name] }));
}

/** `source steps…`, `?` behind it when tolerated. */
function reads(text: string, more: Readonly<Record<string, string>> = {}, set: Readonly<Record<string, Value>> = {}) {
  const { reads } = consume({ 'main.tf': text, ...more }, set);
  return [...reads].flatMap(([source, all]) =>
    all
      .filter(() => !source.startsWith('var.'))
      .map(
        ({ steps, tolerated }) =>
          [source.replace('data.aws_ssm_parameter.', ''), ...steps].join(' ') + (tolerated ? '?' : ''),
      ),
  );
}

const handle = `
  data "aws_ssm_parameter" "vpc" { name = "/iac/vpc/main/runtime" }
  locals { vpc = jsondecode(data.aws_ssm_parameter.vpc.value) }
`;

describe('what a module consumes', () => {
  it.each<[what: string, text: string, expected: readonly string[]]>([
    ['nothing of a handle that nobody uses', '', []],
    ['an output by name', 'resource "a_b" "c" { id = local.vpc.vpc_id }', ['vpc value vpc_id']],
    ['an element', 'resource "a_b" "c" { id = local.vpc.subnets[0].id }', ['vpc value subnets 0 id']],
    [
      'a part through another local',
      'locals { ids = local.vpc.ids }\nresource "a_b" "c" { x = local.ids[1] }',
      ['vpc value ids', 'vpc value ids 1'],
    ],
    ['a part with a fallback', 'output "o" { value = try(local.vpc.sg, null) }', ['vpc value sg?']],
    [
      'a part with and without a fallback',
      'output "o" { value = try(local.vpc.sg, null) }\noutput "p" { value = local.vpc.sg }',
      ['vpc value sg'],
    ],
    [
      'everything, when it is handed to something unseen',
      'module "m" {\n  source = "far/away/x"\n  vpc = local.vpc\n}',
      ['vpc value'],
    ],
    ['everything, when it is published', 'output "o" { value = local.vpc }', ['vpc value']],
    [
      'both sides of a choice',
      'variable "x" {}\noutput "o" { value = var.x ? local.vpc.a : local.vpc.b }',
      ['vpc value a', 'vpc value b'],
    ],
    [
      'a part of either handle',
      'variable "x" {}\nlocals { h = var.x ? local.vpc : {} }\noutput "o" { value = local.h.a }',
      ['vpc value a'],
    ],
    [
      'the parts of a handle in a map',
      'locals { all = { vpc = local.vpc } }\noutput "o" { value = local.all.vpc.a }',
      ['vpc value a'],
    ],
    ['a nested block', 'resource "a_b" "c" {\n  d {\n    e { f = local.vpc.g }\n  }\n}', ['vpc value g']],
    [
      'a dynamic block',
      'resource "a_b" "c" {\n  dynamic "d" {\n    for_each = local.vpc.list\n    content { e = d.value.f }\n  }\n}',
      ['vpc value list', 'vpc value list * f'],
    ],
    ['a switched-off block', 'resource "a_b" "c" {\n  count = 0\n  x = local.vpc.a\n}', []],
    ['a count', 'resource "a_b" "c" { count = length(local.vpc.zones) }', ['vpc value zones']],
    [
      'a loop',
      'output "o" { value = [for s in local.vpc.subnets : s.id] }',
      ['vpc value subnets', 'vpc value subnets * id'],
    ],
    [
      'a precondition',
      'resource "a_b" "c" {\n  lifecycle {\n    precondition {\n      condition = local.vpc.ok\n      error_message = "x"\n    }\n  }\n}',
      ['vpc value ok'],
    ],
    ['the id of an import', 'import {\n  to = a_b.c\n  id = local.vpc.id\n}', ['vpc value id']],
    [
      'the ids of imports',
      'import {\n  for_each = local.vpc.all\n  to       = a_b.c[each.key]\n  identity = { name = each.value.name }\n}',
      ['vpc value all', 'vpc value all * name'],
    ],
    ['no order-only mention', 'resource "a_b" "c" { depends_on = [data.aws_ssm_parameter.vpc] }', []],
    ['a condition that is decided without it', 'output "o" { value = false && local.vpc.x }', ['vpc value x']],
    ['an expression that fails', 'output "o" { value = "${local.vpc.a}${1 + [2]}" }', ['vpc value a']],
    [
      'all that goes into an expression that fails',
      'output "o" { value = templatefile("gone.tpl", { vpc = local.vpc }) }',
      ['vpc value'],
    ],
    [
      'all that is looped over in one',
      'output "o" { value = [for v in [local.vpc] : "${v.a}${1 + [2]}"] }',
      ['vpc value'],
    ],
    ['all under a key that fails', 'output "o" { value = local.vpc[file("gone.txt")].id }', ['vpc value']],
    [
      'nothing more where a later step goes to nowhere',
      'locals { all = { vpc = local.vpc } }\noutput "o" { value = local.all.gone.a }',
      [],
    ],
    ['a text', 'resource "a_b" "c" { x = data.aws_ssm_parameter.vpc.value }', ['vpc value']],
    [
      'a text within, whatever is written in it',
      'locals { c = jsondecode(local.vpc.text) }\noutput "o" { value = local.c.x }',
      ['vpc value text'],
    ],
    [
      'a parameter that holds YAML, which nobody can look into',
      'output "o" { value = yamldecode(data.aws_ssm_parameter.vpc.value).x }',
      ['vpc value'],
    ],
    ['a provider', 'provider "aws" { region = local.vpc.region }', ['vpc value region']],
    [
      'a precondition of an output',
      'output "o" {\n  value = 1\n  precondition {\n    condition = local.vpc.ok\n    error_message = local.vpc.why\n  }\n}',
      ['vpc value ok', 'vpc value why'],
    ],
    ['an action', 'action "a_b" "c" {\n  config { x = local.vpc.id }\n}', ['vpc value id']],
    [
      'actions by key, and when they are triggered',
      'action "a_b" "c" {\n  for_each = local.vpc.all\n  config { x = each.value.id }\n}\nresource "a_b" "d" {\n  lifecycle {\n    action_trigger {\n      events = [after_create]\n      condition = local.vpc.on\n      actions = [action.a_b.c]\n    }\n  }\n}',
      ['vpc value all', 'vpc value all * id', 'vpc value on'],
    ],
    [
      'an attribute of a nested block that is called like a setting of its resource',
      'resource "a_b" "c" {\n  accelerator { count = local.vpc.n }\n  stage {\n    action { provider = local.vpc.p }\n  }\n}',
      ['vpc value n', 'vpc value p'],
    ],
    [
      'the labels of a dynamic block',
      'resource "a_b" "c" {\n  dynamic "d" {\n    for_each = [1]\n    labels = [local.vpc.l]\n    content {}\n  }\n}',
      ['vpc value l'],
    ],
    [
      'which of several providers',
      'resource "a_b" "c" { provider = a.by[local.vpc.region] }\nmodule "m" {\n  source = "far/away/x"\n  providers = { a = a.by[local.vpc.zone] }\n}',
      ['vpc value region', 'vpc value zone'],
    ],
    [
      'a provider for each',
      'provider "a" {\n  for_each = local.vpc.by\n  region = each.value.r\n}',
      ['vpc value by', 'vpc value by * r'],
    ],
    ['where a state is kept', 'terraform {\n  backend "s3" { key = local.vpc.key }\n}', ['vpc value key']],
    ['the source of a module', 'module "m" { source = "far/away/${local.vpc.where}" }', ['vpc value where']],
    [
      'an assertion and an ephemeral block',
      'check "k" {\n  assert {\n    condition = local.vpc.ok\n    error_message = "x"\n  }\n}\nephemeral "a_b" "c" { x = local.vpc.e }',
      ['vpc value e', 'vpc value ok'],
    ],
  ])('%s', (_what, text, expected) => {
    expect(reads(handle + text)).toEqual(expected);
  });

  const child = {
    'm/main.tf': `
      variable "vpc" {}
      variable "id" { default = null }
      locals { subnet = var.vpc.subnets["a"] }
      resource "a_b" "c" { x = local.subnet }
      output "vpc" { value = var.vpc }
      output "own" { value = "\${var.vpc.name}-x" }
    `,
  };
  it('follows handles into child modules and back', () => {
    const call = 'module "m" {\n  source = "./m"\n  vpc = local.vpc\n}\n';
    expect(reads(handle + call, child)).toEqual(['vpc value name', 'vpc value subnets a']);
    expect(reads(`${handle}${call}output "o" { value = module.m.vpc.zone }`, child)).toEqual([
      'vpc value name',
      'vpc value subnets a',
      'vpc value zone',
    ]);
  });

  it('keeps instances apart', () => {
    const text = `
      data "aws_ssm_parameter" "rt" {
        for_each = { a = "/a", b = "/b" }
        name     = each.value
      }
      locals { rt = { for k, d in data.aws_ssm_parameter.rt : k => jsondecode(d.value) } }
      output "o" { value = local.rt["a"].x }
      output "p" { value = [for k, d in local.rt : d.y] }
    `;
    expect(reads(text)).toEqual(['rt["a"] value x', 'rt["a"] value y', 'rt["b"] value y']);
  });

  it('reads of instances that cannot be told fall on all of them', () => {
    const text = `
      variable "names" {}
      data "terraform_remote_state" "rt" {
        for_each = toset(var.names)
        backend  = "s3"
      }
      output "o" { value = data.terraform_remote_state.rt[var.names[0]].outputs.x }
    `;
    expect(reads(text)).toEqual(['data.terraform_remote_state.rt[*] outputs x']);
  });

  it.each<[what: string, value: string, expected: readonly string[]]>([
    ['a splat over one that is not repeated', 'data.terraform_remote_state.net[*].outputs.x', ['outputs x']],
    ['an old splat', 'data.terraform_remote_state.net.*.x', ['x']],
    ['a text that is decoded', 'jsondecode(data.terraform_remote_state.net.outputs.x).y', ['outputs x']],
    ['one within another', 'yamldecode(base64decode(data.terraform_remote_state.net.outputs.x.z)).y', ['outputs x z']],
    ['whether it is null', 'data.terraform_remote_state.net.outputs == null', []],
    ['a part, unless it is null', 'local.net == null ? 0 : local.net.x', ['outputs x']],
    ['whether a part is null', 'data.terraform_remote_state.net.outputs.x != null', ['outputs x']],
    ['whether it is like something', 'data.terraform_remote_state.net.outputs == {}', ['outputs']],
  ])('of a state: %s', (_what, value, expected) => {
    const text = `
      variable "on" {}
      data "terraform_remote_state" "net" { backend = "s3" }
      locals { net = var.on ? data.terraform_remote_state.net.outputs : null }
      output "o" { value = ${value} }
    `;
    expect(reads(text)).toEqual(expected.map((steps) => `data.terraform_remote_state.net ${steps}`));
  });

  it('says at which line each part is read', () => {
    const { reads: found } = consume({
      'main.tf': `data "terraform_remote_state" "net" { backend = "s3" }
locals {
  all = {
    cidr = data.terraform_remote_state.net.outputs.cidr
    list = [
      for one in data.terraform_remote_state.net.outputs.list :
      one.id
    ]
  }
}
resource "a_b" "c" {
  dynamic "d" {
    for_each = data.terraform_remote_state.net.outputs.each
    content {
      x = jsonencode({
        e = d.value.x
        f = data.terraform_remote_state.net.outputs.f
      })
    }
  }
}
`,
    });
    const lines = [...found.values()].flat().map(({ steps, line }) => [steps.slice(1).join('.'), line]);
    expect(Object.fromEntries(lines)).toEqual({ cidr: 4, each: 13, 'each.*.x': 16, f: 17, list: 6, 'list.*.id': 6 });
  });

  it('says where a plan would fail', () => {
    const { failures } = consume({
      'main.tf': `
        data "aws_route53_zone" "z" { count = 0 }
        resource "a_b" "c" {
          x = data.aws_route53_zone.z[0].id
          y = one(data.aws_route53_zone.z[*].id)
          z = try(data.aws_route53_zone.z[0].id, null)
        }
      `,
    });
    expect(failures).toMatchObject([{ kind: 'no-instance', site: 'a_b.c.x', file: 'main.tf' }]);
  });

  it('says nothing of a failing plan where it cannot be told whether it is evaluated', () => {
    const { failures } = consume({
      'main.tf': `
        variable "x" {}
        data "aws_route53_zone" "z" { count = 0 }
        resource "a_b" "c" {
          count = var.x
          y     = data.aws_route53_zone.z[0].id
        }
      `,
    });
    expect(failures.map(({ kind }) => kind)).toEqual(['other']);
  });

  it('gives the place of the first read', () => {
    const { reads } = consume({ 'main.tf': `${handle}\nresource "a_b" "c" {\n  x = local.vpc.id\n}` });
    expect(reads.get('data.aws_ssm_parameter.vpc')).toEqual([
      { steps: ['value', 'id'], tolerated: false, site: 'a_b.c.x', file: 'main.tf', line: 6 },
    ]);
  });
});
