import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import type { Value } from '../../../hcl/value.ts';
import { ModuleLoader } from '../load-module.ts';
import { viewOf } from '../memory-view.fixture.ts';
import { changesBetween, changesByValues } from './module-changes.ts';
import { moduleTree } from './module-tree.ts';
import { areSafe } from './quiet-changes.ts';

beforeAll(loadGrammar);

type Texts = Readonly<Record<string, string>>;

/** What means something else, `idle` where nothing does and what differs is evaluated without fail. */
function differing(before: Texts, after: Texts, given: readonly string[] = []): readonly string[] | 'idle' | undefined {
  const loader = new ModuleLoader();
  const views = [viewOf(before), viewOf(after)] as const;
  const [was, is] = [moduleTree(new ModuleLoader(), views[0], ''), moduleTree(loader, views[1], '')];
  if (was === undefined || is === undefined) return undefined;
  const changes = changesBetween(was, is, new Set(given));
  const parts = [...changes.parts].sort();
  if (parts.length > 0 || changes.acted || changes.decides || changes.everything) return parts;
  return areSafe(is, changes.quiet, loader, views[1]) ? 'idle' : parts;
}

const one = (text: string): Texts => ({ 'main.tf': text });
const thing = (value: string) => `resource "terraform_data" "t" { input = ${value} }\n`;
const called = (text: string, more = '') => ({
  'main.tf': `module "m" {\n  source = "./m"\n  ${more}\n}\noutput "o" { value = module.m.o }\n`,
  'm/main.tf': text,
});

describe('what means something else', () => {
  it('is what is imported by a local', () => {
    const imported = (id: string) =>
      one(`locals { i = "${id}" }\nimport {\n  to = terraform_data.t\n  id = local.i\n}\n${thing('1')}`);
    expect(differing(imported('a'), imported('b'))).toHaveLength(1);
    expect(differing(imported('a'), imported('a'))).toBe('idle');
  });

  it.each<[what: string, before: Texts, after: Texts, parts: readonly string[] | 'idle', given?: readonly string[]]>([
    [
      'not what a local is called',
      one(`locals { a = "x" }\n${thing('upper(local.a)')}`),
      one(`locals { b = "x" }\n${thing('upper(local.b)')}`),
      'idle',
    ],
    [
      'not whether a value stands in a local',
      one(thing('"x"')),
      one(`locals { a = "x" }\n${thing('local.a')}`),
      'idle',
    ],
    [
      'but what it says, wherever that comes to',
      one(`locals {\n  a = "x"\n  b = local.a\n}\n${thing('local.b')}output "o" { value = 1 }`),
      one(`locals {\n  a = "y"\n  b = local.a\n}\n${thing('local.b')}output "o" { value = 1 }`),
      ['terraform_data.t'],
    ],
    ['not a local that nobody uses', one(thing('1')), one(`locals { idle = { a = [1] } }\n${thing('1')}`), 'idle'],
    ['but one that fails', one(thing('1')), one(`locals { idle = file("nothing") }\n${thing('1')}`), []],
    [
      'a value that moves from a try into a local, where it may fail',
      one(`variable "m" {}\n${thing('try(var.m.x, 1)')}`),
      one(`variable "m" {}\nlocals { a = var.m.x }\n${thing('try(local.a, 1)')}`),
      [],
    ],
    ['not the same tried twice', one(thing('"x"')), one(thing('try("x", "x")')), 'idle'],
    ['but something else', one(thing('"x"')), one(thing('try("y", "x")')), ['terraform_data.t']],
    [
      'not the default of a variable of a module that its caller gives',
      called('variable "v" { default = 1 }\noutput "o" { value = var.v }', 'v = 3'),
      called('variable "v" { default = 2 }\noutput "o" { value = var.v }', 'v = 3'),
      'idle',
    ],
    [
      'but one that stands in for null',
      called('variable "v" {\n  default = 1\n  nullable = false\n}\noutput "o" { value = var.v }', 'v = null'),
      called('variable "v" {\n  default = 2\n  nullable = false\n}\noutput "o" { value = var.v }', 'v = null'),
      ['output.o'],
    ],
    [
      'or that is not given',
      called('variable "v" { default = 1 }\noutput "o" { value = var.v }'),
      called('variable "v" { default = 2 }\noutput "o" { value = var.v }'),
      ['output.o'],
    ],
    [
      'or that is none of its type',
      called('variable "v" {\n  type = number\n  default = 1\n}\noutput "o" { value = var.v }', 'v = 3'),
      called('variable "v" {\n  type = number\n  default = "one"\n}\noutput "o" { value = var.v }', 'v = 3'),
      [],
    ],
    [
      'not what a variable of a module is called',
      called('variable "v" {}\noutput "o" { value = var.v }', 'v = 3'),
      called('variable "w" {}\noutput "o" { value = var.w }', 'w = 3'),
      'idle',
    ],
    [
      'but a variable that a module does not have',
      called('variable "v" {}\noutput "o" { value = 1 }', 'v = 3'),
      called('output "o" { value = 1 }', 'v = 3'),
      [],
    ],
    [
      'or that is not given any more',
      called('variable "v" {}\noutput "o" { value = 1 }', 'v = 3'),
      called('variable "v" {}\noutput "o" { value = 1 }'),
      [],
    ],
    [
      'not where a module lies',
      {
        'main.tf': 'module "m" { source = "./m" }\noutput "o" { value = module.m.o }',
        'm/main.tf': 'output "o" { value = 1 }',
      },
      {
        'main.tf': 'module "m" { source = "./n" }\noutput "o" { value = module.m.o }',
        'n/main.tf': 'output "o" { value = 1 }',
      },
      'idle',
    ],
    [
      'but where it says so',
      {
        'main.tf': 'module "m" { source = "./m" }\noutput "o" { value = module.m.o }',
        'm/main.tf': 'output "o" { value = path.module }',
      },
      {
        'main.tf': 'module "m" { source = "./n" }\noutput "o" { value = module.m.o }',
        'n/main.tf': 'output "o" { value = path.module }',
      },
      ['output.o'],
    ],
    [
      'how often a module is called',
      called('resource "terraform_data" "t" {}\noutput "o" { value = 1 }', 'count = 1'),
      called('resource "terraform_data" "t" {}\noutput "o" { value = 1 }', 'count = 2'),
      ['module.m.terraform_data.t', 'output.o'],
    ],
    [
      'which instance is meant',
      one('module "m" {\n  source = "./m"\n  for_each = toset(["a", "b"])\n}\noutput "o" { value = module.m["a"].o }'),
      one('module "m" {\n  source = "./m"\n  for_each = toset(["a", "b"])\n}\noutput "o" { value = module.m["b"].o }'),
      ['output.o'],
    ],
    [
      'not what is ignored from now on',
      one('resource "terraform_data" "t" { input = 1 }'),
      one('resource "terraform_data" "t" {\n  input = 1\n  lifecycle { ignore_changes = [input] }\n}'),
      'idle',
    ],
    [
      'but what is ignored and nobody knows: Terraform refuses it',
      one(thing('1')),
      one('resource "terraform_data" "t" {\n  input = 1\n  lifecycle { ignore_changes = [inputs] }\n}'),
      ['terraform_data.t'],
    ],
    [
      'not a member of a value that is ignored',
      one(thing('{ a = 1 }')),
      one('resource "terraform_data" "t" {\n  input = { a = 1 }\n  lifecycle { ignore_changes = [input["a"]] }\n}'),
      'idle',
    ],
    [
      'but null for what may not be null',
      called('variable "a" { nullable = false }\noutput "o" { value = 1 }', 'a = 1'),
      called('variable "a" { nullable = false }\noutput "o" { value = 1 }', 'a = null'),
      [],
    ],
    [
      'and a default that its variable refuses',
      one(`variable "a" { default = null }\n${thing('1')}`),
      one(`variable "a" {\n  default = null\n  nullable = false\n}\n${thing('1')}`),
      [],
    ],
    [
      'and a description that is no text',
      one(`variable "a" { default = 1 }\n${thing('1')}`),
      one(`variable "a" {\n  default = 1\n  description = "${'${local.none}'}"\n}\n${thing('1')}`),
      [],
    ],
    [
      'but what is not ignored any more',
      one('resource "terraform_data" "t" {\n  input = 1\n  lifecycle { ignore_changes = [input] }\n}'),
      one('resource "terraform_data" "t" { input = 1 }'),
      ['terraform_data.t'],
    ],
    [
      'or is changed with it',
      one('resource "terraform_data" "t" { input = 1 }'),
      one('resource "terraform_data" "t" {\n  input = 2\n  lifecycle { ignore_changes = [input] }\n}'),
      ['terraform_data.t'],
    ],
    [
      'a block by its name',
      one('resource "terraform_data" "t" {}'),
      one('resource "terraform_data" "u" {}'),
      ['terraform_data.u'],
    ],
    [
      'a local that is bound by a loop is none',
      one(`locals { x = 1 }\n${thing('[for local in [1] : local]')}`),
      one(`locals { x = 2 }\n${thing('[for local in [1] : local]')}`),
      'idle',
    ],
    [
      'a variable of the root by its name',
      one('variable "a" { default = 1 }\nvariable "b" { default = 1 }\noutput "o" { value = var.a }'),
      one('variable "a" { default = 1 }\nvariable "b" { default = 1 }\noutput "o" { value = var.b }'),
      ['output.o'],
    ],
    [
      'not the default of one that is given',
      one('variable "a" { default = 1 }\noutput "o" { value = var.a }'),
      one('variable "a" { default = 2 }\noutput "o" { value = var.a }'),
      'idle',
      ['a'],
    ],
  ])('%s', (_what, before, after, parts, given) => {
    const module = { 'm/main.tf': 'output "o" { value = 1 }' };
    expect(differing({ ...module, ...before }, { ...module, ...after }, given)).toEqual(parts);
  });

  it('is nothing where locals are called otherwise and stand otherwise, and something where one of them says otherwise', () => {
    const chain = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 6 });
    const write = (values: readonly number[], name: (at: number) => string, order: (all: string[]) => string[]) => {
      const locals = values.map((value, at) =>
        at === 0 ? `${name(0)} = [${value}]` : `${name(at)} = concat(local.${name(at - 1)}, [${value}])`,
      );
      return one(`locals {\n${order(locals).join('\n')}\n}\n${thing(`local.${name(values.length - 1)}`)}`);
    };
    fc.assert(
      fc.property(chain, fc.nat(), (values, seed) => {
        const before = write(
          values,
          (at) => `a${at}`,
          (all) => all,
        );
        expect(
          differing(
            before,
            write(
              values,
              (at) => `b${at * 7}`,
              (all) => all.toReversed(),
            ),
          ),
        ).toBe('idle');
        const other = values.with(seed % values.length, 9);
        expect(
          differing(
            before,
            write(
              other,
              (at) => `b${at}`,
              (all) => all,
            ),
          ),
        ).toEqual(['terraform_data.t']);
      }),
    );
  });
});

describe('what comes to the same whatever a run finds', () => {
  it.each<[what: string, before: Texts, after: Texts]>([
    [
      'a local that is put together in another way',
      one(`locals { a = "x-y" }\n${thing('local.a')}`),
      one(`locals {\n  p = "y"\n  a = join("-", ["x", local.p])\n}\n${thing('local.a')}`),
    ],
    [
      'a default that decides as the one before',
      called(
        `variable "n" {\n  type    = number\n  default = 3\n}\n${thing('var.n > 2 ? "big" : "small"')}output "o" { value = 1 }`,
      ),
      called(
        `variable "n" {\n  type    = number\n  default = 5\n}\n${thing('var.n > 2 ? "big" : "small"')}output "o" { value = 1 }`,
      ),
    ],
    [
      'an argument of which a member is read',
      called(
        `variable "m" { type = map(string) }\n${thing('lookup(var.m, "a", "z")')}output "o" { value = 1 }`,
        'm = { a = "1", b = "2" }',
      ),
      called(
        `variable "m" { type = map(string) }\n${thing('lookup(var.m, "a", "z")')}output "o" { value = 1 }`,
        'm = { a = "1", b = "3" }',
      ),
    ],
    [
      'a condition that holds',
      one('output "o" { value = 1 }'),
      one(
        'locals { l = "abc" }\noutput "o" {\n  value = 1\n  precondition {\n    condition     = length(local.l) > 2\n    error_message = "short"\n  }\n}',
      ),
    ],
    [
      'an output that nobody reads and that is made of what tells which block it is',
      called(`${thing('1')}output "o" { value = 1 }`),
      called(
        `${thing('1')}output "o" { value = 1 }\noutput "p" { value = substr(sha256("${'$'}{terraform_data.t.id}-x"), 0, 6) }`,
      ),
    ],
  ])('%s', (_what, before, after) => {
    expect(differing(before, after)).toBe('idle');
  });

  it.each<[what: string, before: Texts, after: Texts]>([
    ['a number and its text', one(thing('5')), one(`locals { a = "5" }\n${thing('local.a')}`)],
    [
      'a number that is made a text by a type',
      called(`variable "n" { type = number }\n${thing('var.n')}output "o" { value = 1 }`, 'n = 5'),
      called(`variable "n" { type = string }\n${thing('var.n')}output "o" { value = 1 }`, 'n = 5'),
    ],
    ['a list and a tuple', one(thing('["a"]')), one(`locals { a = tolist(["a"]) }\n${thing('local.a')}`)],
    ['what is marked', one(`output "o" { value = "x" }`), one('output "o" { value = sensitive("x") }')],
    [
      'what a variable marks',
      called('variable "v" {}\noutput "o" { value = var.v }', 'v = "x"'),
      called('variable "v" { sensitive = true }\noutput "o" { value = var.v }', 'v = "x"'),
    ],
    [
      'what a root variable decides',
      one(`variable "v" { default = 3 }\n${thing('var.v > 2')}`),
      one(`variable "v" { default = 4 }\n${thing('var.v > 2')}`),
    ],
    [
      'what a block says, which its provider may say otherwise',
      one(`resource "aws_x" "x" { name = "A" }\noutput "o" { value = aws_x.x.name }`),
      one(`resource "aws_x" "x" { name = "A" }\noutput "o" { value = "A" }`),
    ],
    ['letters that are counted in several ways', one(thing('length("a\u0308")')), one(thing('2'))],
    ['fractions', one(thing('0.1 + 0.2')), one(thing('0.30000000000000004'))],
    ['a place', one(thing('path.root')), one(thing('"."'))],
    [
      'a condition that does not hold',
      one('output "o" { value = 1 }'),
      one(
        'output "o" {\n  value = 1\n  precondition {\n    condition     = length("abc") > 3\n    error_message = "short"\n  }\n}',
      ),
    ],
    [
      'a condition whose message is put together',
      one('output "o" { value = 1 }'),
      one(
        'output "o" {\n  value = 1\n  precondition {\n    condition     = length("abc") > 2\n    error_message = "short ${terraform_data.none.id}"\n  }\n}\nresource "terraform_data" "none" {}',
      ),
    ],
    [
      'a condition that asks nothing: Terraform refuses it',
      one('output "o" { value = 1 }'),
      one(
        'output "o" {\n  value = 1\n  precondition {\n    condition     = length(tostring(207)) >= 0\n    error_message = "short"\n  }\n}',
      ),
    ],
    [
      'a condition that asks nothing any more',
      one(
        'locals { l = "abc" }\noutput "o" {\n  value = local.l\n  precondition {\n    condition     = local.l != ""\n    error_message = "short"\n  }\n}',
      ),
      one(
        'locals { l = "abc" }\noutput "o" {\n  value = local.l\n  precondition {\n    condition     = "abc" != ""\n    error_message = "short"\n  }\n}',
      ),
    ],
    [
      'a condition of a variable that asks something else',
      called(
        'variable "v" {\n  validation {\n    condition     = var.v != ""\n    error_message = "none"\n  }\n}\noutput "o" { value = 1 }',
        'v = "x"',
      ),
      called(
        'variable "v" {\n  validation {\n    condition     = local.l != ""\n    error_message = "none"\n  }\n}\nlocals { l = "x" }\noutput "o" { value = 1 }',
        'v = "x"',
      ),
    ],
    [
      'what waits for who asks',
      one(thing('"x"')),
      one(`locals { a = try("x", terraform_data.t.id) }\n${thing('local.a')}`),
    ],
    [
      'what a module says that waits for who asks',
      { ...called('output "o" { value = "x" }', 'depends_on = [terraform_data.t]'), 't.tf': thing('"x"') },
      { ...called('output "o" { value = "x" }', 'depends_on = [terraform_data.t]'), 't.tf': thing('module.m.o') },
    ],
    [
      'what is stated and nothing evaluated',
      one('locals { keep = true }\nresource "terraform_data" "t" {\n  lifecycle { prevent_destroy = true }\n}'),
      one('locals { keep = true }\nresource "terraform_data" "t" {\n  lifecycle { prevent_destroy = local.keep }\n}'),
    ],
    [
      'whether an output is sensitive',
      one('locals { s = true }\noutput "o" {\n  value     = 1\n  sensitive = true\n}'),
      one('locals { s = true }\noutput "o" {\n  value     = 1\n  sensitive = local.s\n}'),
    ],
    [
      'a default that mentions something',
      called('variable "v" { default = "a" }\nlocals { l = "a" }\noutput "o" { value = var.v }'),
      called('variable "v" { default = local.l }\nlocals { l = "a" }\noutput "o" { value = var.v }'),
    ],
    ['the first of two kinds', one(thing('true ? 1 : "a"')), one(thing('1'))],
    ['null', one(thing('tostring(null)')), one(thing('null'))],
    [
      'an instance of several',
      called('variable "v" {}\noutput "o" { value = var.v }', 'for_each = toset(["a"])\n  v = each.key'),
      called('variable "v" {}\noutput "o" { value = "a" }', 'for_each = toset(["a"])\n  v = each.key'),
    ],
    ['what is read of a file', one(thing('file("x.txt")')), one(thing('try(file("x.txt"), "x")'))],
  ])('but not %s', (_what, before, after) => {
    const found = differing(before, after);
    expect(found).toBeDefined();
    expect(found).not.toBe('idle');
  });
});

describe('other values of variables', () => {
  const byValues = (text: string, before: Readonly<Record<string, Value>>, after: Readonly<Record<string, Value>>) => {
    const view = viewOf(one(text));
    const tree = moduleTree(new ModuleLoader(), view, '');
    return tree && changesByValues(tree, view, [new Map(Object.entries(before)), new Map(Object.entries(after))]);
  };

  it.each<[what: string, text: string, before: Value, after: Value]>([
    ['nobody uses it', `variable "v" {}\n${thing('1')}`, 'a', 'b'],
    [
      'it decides as before',
      `variable "v" {}\nresource "terraform_data" "t" { count = var.v == "prod" ? 2 : 1 }`,
      'dev',
      'test',
    ],
    [
      'a member that nobody reads',
      `variable "v" { type = map(string) }\n${thing('var.v.a')}`,
      { a: '1', b: '2' },
      { a: '1', b: '3' },
    ],
    [
      'a condition holds for both',
      `variable "v" {\n  type = number\n  validation {\n    condition     = var.v > 2\n    error_message = "small"\n  }\n}`,
      3,
      4,
    ],
  ])('mean nothing where %s', (_what, text, before, after) => {
    expect(byValues(text, { v: before }, { v: after })).toEqual([]);
  });

  it.each<[what: string, text: string, before: Value, after: Value]>([
    ['a block takes it', `variable "v" {}\n${thing('var.v')}`, 'a', 'b'],
    [
      'it goes through a module elsewhere',
      'variable "v" {}\nmodule "m" {\n  source = "git::https://x/y"\n  v      = var.v\n}',
      'a',
      'b',
    ],
    ['a provider takes it', 'variable "v" {}\nprovider "aws" { region = var.v }', 'a', 'b'],
    [
      'a condition is not met',
      `variable "v" {\n  type = number\n  validation {\n    condition     = var.v > 2\n    error_message = "small"\n  }\n}`,
      3,
      2,
    ],
    ['it is marked', `variable "v" { sensitive = true }\n${thing('length(var.v)')}`, 'a', 'b'],
    ['its type is refused', `variable "v" { type = number }\n${thing('1')}`, 1, 'x'],
    [
      'a local that nobody uses may fail',
      `variable "v" { type = list(string) }\nlocals { l = var.v[1] }\n${thing('1')}`,
      ['a', 'b'],
      ['a'],
    ],
    [
      'another variable decides',
      `variable "v" {}\nvariable "w" {}\n${thing('var.w == "x" ? var.v : "none"')}`,
      'a',
      'b',
    ],
    ['a number becomes a text', `variable "v" {}\n${thing('var.v')}`, 5, '5'],
    ['it decides about a data source', 'variable "v" {}\ndata "aws_ami" "a" { name = var.v }', 'a', 'b'],
    [
      'a loop makes of it',
      `variable "v" { type = list(string) }\n${thing('[for x in var.v : upper(x)]')}`,
      ['a'],
      ['A'],
    ],
  ])('but something where %s', (_what, text, before, after) => {
    expect(byValues(text, { v: before }, { v: after })).not.toEqual([]);
  });
});
