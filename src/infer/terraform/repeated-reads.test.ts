import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../hcl/parse.ts';
import { consumptionOf } from './consumption.ts';
import { ModuleInstance } from './instance.ts';
import { ModuleLoader } from './load-module.ts';
import { viewOf } from './memory-view.fixture.ts';

beforeAll(loadGrammar);

const states = `
  variable "spaces" {}
  variable "on" {}
  data "terraform_remote_state" "many" {
    for_each = toset(var.spaces)
  }
  data "terraform_remote_state" "counted" {
    count = var.on ? 1 : 0
  }
  data "terraform_remote_state" "two" {
    for_each = { a = 1, b = 2 }
  }
  data "terraform_remote_state" "one" {}
`;

const child = { 'child/main.tf': 'variable "s" {}\nvariable "k" {}\nresource "a_b" "c" { x = var.s.id }\n' };

/** `name outputs steps…` of the states that are read; `[*]` and the like left out. */
function reads(text: string): string[] {
  const view = viewOf({ 'main.tf': `${states}\n${text}`, ...child });
  const loader = new ModuleLoader();
  const module = loader.load(view, '');
  if (module === undefined) throw new Error('no module');
  const found = consumptionOf(new ModuleInstance(module, { loader, view, variables: () => undefined })).reads;
  const lines = [...found].flatMap(([source, all]) =>
    all.map(({ steps, tolerated }) => [source, ...steps].join(' ') + (tolerated ? '?' : '')),
  );
  const prefix = 'data.terraform_remote_state.';
  const ofStates = lines.filter((line) => line.startsWith(prefix));
  return [...new Set(ofStates.map((line) => line.slice(prefix.length).replace(/\[[^\]]*\]/, '')))];
}

describe('of states that are read in number', () => {
  it.each<[what: string, text: string, expected: readonly string[]]>([
    ['an output of each', 'output "o" { value = { for k, s in D.many : k => s.outputs.id } }', ['many outputs id']],
    ['a list of them', 'output "o" { value = [for s in D.many : s.outputs.id] }', ['many outputs id']],
    ['a splat over their values', 'output "o" { value = values(D.many)[*].outputs.id }', ['many outputs id']],
    ['one of them', 'output "o" { value = D.many[var.spaces[0]].outputs.id }', ['many outputs id']],
    ['how many there are', 'output "o" { value = length(D.many) > 0 ? keys(D.many) : [] }', []],
    [
      'one that may be none',
      'output "o" { value = length(D.counted) > 0 ? D.counted[0].outputs.id : null }',
      ['counted outputs id'],
    ],
    ['the only one', 'output "o" { value = one(D.counted[*].outputs.id) }', ['counted outputs id']],
    [
      'through a loop in a local',
      'locals { l = { for k, s in D.many : k => s.outputs } }\noutput "o" { value = local.l["a"].id }',
      ['many outputs id'],
    ],
    [
      'through a loop that leaves out',
      'locals { l = { for k, s in D.two : k => s if var.on } }\noutput "o" { value = local.l["a"].outputs.id }',
      ['two outputs id'],
    ],
    [
      'merged',
      'locals { m = merge(var.on ? D.two : null, D.many) }\noutput "o" { value = [for s in local.m : s.outputs.id] }',
      ['many outputs id', 'two outputs id'],
    ],
    ['by the place of their keys', 'output "o" { value = index(keys(D.two), "a") }', []],
    [
      'by the loops of a loop',
      'output "o" { value = [for k, s in D.many : [for x in s.outputs.ids : "${k}${x}"]] }',
      ['many outputs ids', 'many outputs ids *'],
    ],
    [
      'handed to a module for each',
      'module "m" {\n  source = "./child"\n  for_each = D.many\n  s = each.value.outputs.net\n  k = each.key\n}',
      ['many outputs net', 'many outputs net id'],
    ],
    [
      'handed under a key',
      'module "m" {\n  source = "./child"\n  for_each = { for k, v in { n = D.one } : k => v if var.on }\n  s = each.value.outputs.net\n  k = each.key\n}',
      ['one outputs net', 'one outputs net id'],
    ],
    [
      'in a dynamic block',
      'resource "a_b" "c" {\n  dynamic "d" {\n    for_each = D.many\n    content {\n      x = d.value.outputs.id\n      y = d.key\n    }\n  }\n}',
      ['many outputs id'],
    ],
    ['tried', 'output "o" { value = { for k, s in try(D.many, {}) : k => s.outputs.id } }', ['many outputs id?']],
  ])('%s', (_what, text, expected) => {
    expect(reads(text.replaceAll('D.', 'data.terraform_remote_state.'))).toEqual(expected);
  });

  it.each<[what: string, text: string, expected: readonly string[]]>([
    ['written out', 'output "o" { value = jsonencode(D.many) }', ['many']],
    ['handed on whole', 'output "o" { value = { for k, s in D.many : k => s.outputs } }', ['many outputs']],
    [
      'grouped',
      'output "o" { value = { for k, s in D.many : s.outputs.zone => s.outputs.id... } }',
      ['many outputs id', 'many outputs zone'],
    ],
    [
      'keyed by an output',
      'output "o" { value = keys({ for k, s in D.many : s.outputs.zone => 1 }) }',
      ['many outputs zone'],
    ],
    [
      'chosen by an output',
      'output "o" { value = length([for s in D.many : 1 if s.outputs.on]) }',
      ['many outputs on'],
    ],
    ['the keys of what an output holds', 'output "o" { value = keys(D.one.outputs.subnets) }', ['one outputs subnets']],
    [
      'how many an output holds',
      'output "o" { value = length(D.many["a"].outputs.subnets) }',
      ['many outputs subnets'],
    ],
    [
      'repeated for what an output holds',
      'resource "a_b" "c" {\n  for_each = D.one.outputs.subnets\n  x = 1\n}',
      ['one outputs subnets'],
    ],
    [
      'repeated for an output under a key',
      'resource "a_b" "c" {\n  for_each = { a = D.one.outputs.id }\n  x = 1\n}',
      ['one outputs id'],
    ],
  ])('nothing is missed that is %s', (_what, text, expected) => {
    expect(reads(text.replaceAll('D.', 'data.terraform_remote_state.'))).toEqual(expected);
  });
});
