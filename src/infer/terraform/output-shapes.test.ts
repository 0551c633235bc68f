import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../hcl/parse.ts';
import type { OutputShape } from '../../model/output-shape.ts';
import { ModuleLoader } from './load-module.ts';
import { viewOf } from './memory-view.fixture.ts';
import { outputShapesOf } from './output-shapes.ts';

beforeAll(() => loadGrammar());

const common = `
variable "names" { type = list(string) }
variable "net" { type = object({ id = string, ports = optional(list(number)) }) }
variable "loose" {}
variable "tags" { type = map(string) }
locals {
  both   = merge({ a = "x" }, { b = [1] })
  round  = local.trip
  trip   = local.round
  config = { id = aws_vpc.this.id, subnets = [for one in aws_subnet.all : one.id] }
}
resource "aws_vpc" "this" {}
resource "aws_subnet" "all" { count = 3 }
resource "aws_subnet" "each" { for_each = toset(var.names) }
resource "acme_thing" "this" {}
module "child" { source = "./child" }
module "many" {
  source = "./child"
  count  = 2
}
module "far" { source = "git::https://example.org/m.git" }
`;
const child = 'variable "n" { type = number }\noutput "n" { value = var.n }\noutput "o" { value = { k = "v" } }\n';

const shapesIn = (text: string) => {
  const view = viewOf({ 'm/main.tf': `${common}${text}`, 'm/child/main.tf': child });
  return outputShapesOf(new ModuleLoader(), view, 'm');
};

/** `{ a: string, … }`, `[string]`, `json {…}`. */
const shown = (shape: OutputShape | undefined): string => {
  if (shape === undefined) return 'absent';
  if (shape.kind === 'list') return `[${shown(shape.item)}]`;
  if (shape.kind === 'json') return `json ${shown(shape.holds)}`;
  if (shape.kind !== 'object') return shape.kind;
  const members = [...shape.members].map(([name, one]) => `${name}: ${shown(one)}`);
  return `{${[...members, ...(shape.open ? ['…'] : [])].join(', ')}}`;
};

describe('outputShapesOf', () => {
  it.each([
    ['"a"', 'string'],
    ['"a-$' + '{var.loose}"', 'string'],
    ['"$' + '{var.loose}"', 'unknown'],
    ['1 + 2', 'number'],
    ['var.loose == 1', 'boolean'],
    ['null', 'null'],
    ['["a", "b"]', '[string]'],
    ['["a", 1]', '[unknown]'],
    ['{ a = 1, b = { c = "x" } }', '{a: number, b: {c: string}}'],
    ['{ (var.loose) = 1, a = "x" }', '{a: string, …}'],
    ['[for one in var.names : upper(one)]', '[string]'],
    ['{ for one in var.names : one => 1 }', '{…}'],
    ['[for local in var.names : local.both]', '[unknown]'],
    ['var.names', '[string]'],
    ['var.names[0]', 'string'],
    ['var.net', '{id: string, ports: [number]}'],
    ['var.net.ports', '[number]'],
    ['var.tags["x"]', 'unknown'],
    ['var.loose', 'unknown'],
    ['local.both', '{a: string, b: [number]}'],
    ['merge(local.both, var.tags)', '{a: unknown, b: unknown, …}'],
    ['merge(var.tags, { a = "x" })', '{a: string, …}'],
    ['local.round', 'unknown'],
    ['jsonencode(local.config)', 'json {id: string, subnets: [unknown]}'],
    ['jsondecode(jsonencode({ a = 1 })).a', 'number'],
    ['var.loose ? { a = 1, b = 1 } : { a = 2 }', '{a: number, …}'],
    ['var.loose ? ["a"] : null', '[string]'],
    ['var.loose ? ["a"] : "a"', 'unknown'],
    ['try(var.net.id, "")', 'string'],
    ['try(var.net.other, "")', 'unknown'],
    ['aws_vpc.this.id', 'string'],
    ['aws_vpc.this.cidr_block', 'unknown'],
    ['acme_thing.this.id', 'unknown'],
    ['aws_subnet.all[*].id', '[unknown]'],
    ['aws_subnet.all', '[unknown]'],
    ['aws_subnet.all[0].id', 'string'],
    ['aws_subnet.each', '{…}'],
    ['aws_subnet.each["a"].id', 'string'],
    ['aws_vpc.this', '{…}'],
    ['module.child.n', 'number'],
    ['module.child.o.k', 'string'],
    ['module.many[0].n', 'unknown'],
    ['module.far.n', 'unknown'],
    ['toset(["a"])', '[string]'],
    ['lookup(var.tags, "a")', 'unknown'],
    ['data.aws_vpc.x.id', 'unknown'],
  ])('%s', (value, shape) => {
    expect(shown(shapesIn(`output "o" { value = ${value} }`)?.get('o'))).toBe(shape);
  });

  it('sees what a module writes to a parameter as JSON, and doubts what two say differently', () => {
    const write = (name: string, json: string) =>
      `resource "aws_ssm_parameter" "${name}" {\n  name = "x"\n  value = jsonencode(${json})\n}\n`;
    const shapes = shapesIn(
      `${write('a', '{ ids = ["a"], n = 1, one = 1 }')}${write('b', '{ one = 1 }')}output "n" { value = ["a"] }`,
    );
    expect([...(shapes ?? [])].map(([name, shape]) => `${name} ${shown(shape)}`)).toEqual([
      'n unknown',
      'ids [string]',
      'one unknown',
    ]);
  });

  it('says nothing of a module that does not read cleanly, or is not there', () => {
    expect(shapesIn('output "o" { value = "a" ')).toBeUndefined();
    expect(outputShapesOf(new ModuleLoader(), viewOf({}), 'm')).toBeUndefined();
  });
});
