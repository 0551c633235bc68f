import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import { ModuleLoader } from '../load-module.ts';
import { viewOf } from '../memory-view.fixture.ts';
import { changesBetween } from './module-changes.ts';
import { moduleTree } from './module-tree.ts';
import { Spread } from './spread.ts';

beforeAll(loadGrammar);

type Texts = Readonly<Record<string, string>>;

/** Outputs of the root that a change can reach; undefined where that cannot be told. */
function reached(before: string | Texts, after: string | Texts): readonly string[] | undefined {
  const tree = (texts: string | Texts) =>
    moduleTree(new ModuleLoader(), viewOf(typeof texts === 'string' ? { 'main.tf': texts } : texts), '');
  const [was, is] = [tree(before), tree(after)];
  if (was === undefined || is === undefined) return undefined;
  const changes = changesBetween(was, is, new Set());
  if (changes.everything) return undefined;
  const all = new Spread(is).from(changes, true);
  return all && [...all].flatMap((id) => (id.startsWith('output.') ? [id.slice(7)] : [])).sort();
}

/** A module in which `1` becomes `2` in what is given, beside outputs of everything. */
const edited = (text: string) => reached(text, text.replaceAll('ONE', 'TWO'));

const network = `
  resource "aws_vpc" "v" { cidr_block = "10.0.0.0/8" }
  output "id" { value = aws_vpc.v.id }
  output "cidr" { value = aws_vpc.v.cidr_block }
  output "table" { value = aws_vpc.v.main_route_table_id }
  output "plain" { value = "constant" }
`;

describe('what a change in a module can reach', () => {
  it.each<[what: string, text: string, outputs: readonly string[] | undefined]>([
    [
      'a block of its own: what tells which another one is stays, what a provider may tell anew does not',
      `${network}resource "aws_s3_bucket" "b" { bucket = "ONE" }`,
      ['table'],
    ],
    ['a block that only computes: nothing beside it', `${network}resource "random_pet" "p" { prefix = "ONE" }`, []],
    ['the block itself', network.replace('10.0.0.0/8', 'ONE'), ['cidr', 'id', 'table']],
    [
      'a block through another and a local',
      'resource "terraform_data" "a" { input = "ONE" }\nlocals { l = { x = [terraform_data.a.output] } }\nresource "terraform_data" "b" { input = local.l }\noutput "o" { value = terraform_data.b.id }\noutput "p" { value = 1 }',
      ['o'],
    ],
    ['an output', 'output "o" { value = "ONE" }\noutput "p" { value = 1 }', ['o']],
    ['what is said of it', 'output "o" {\n  value = 1\n  description = "ONE"\n}', []],
    [
      'whether there is one',
      'locals { n = "ONE" }\nresource "terraform_data" "a" { count = startswith(local.n, "O") ? 1 : 0 }\noutput "o" { value = length(terraform_data.a) }',
      ['o'],
    ],
    [
      'what a data source looks up in the world',
      'resource "aws_s3_bucket" "b" { bucket = "ONE" }\ndata "aws_subnets" "s" {}\noutput "o" { value = data.aws_subnets.s.ids }',
      ['o'],
    ],
    [
      'nothing that a data source computes',
      'resource "aws_s3_bucket" "b" { bucket = "ONE" }\ndata "aws_iam_policy_document" "s" {}\noutput "o" { value = data.aws_iam_policy_document.s.json }',
      [],
    ],
    [
      'all blocks of a provider',
      'provider "aws" { region = "ONE" }\nresource "aws_vpc" "v" {}\nresource "random_pet" "p" {}\noutput "o" { value = aws_vpc.v.id }\noutput "p" { value = random_pet.p.id }',
      ['o'],
    ],
    [
      'blocks of a provider that is configured by what changed',
      'locals { r = "ONE" }\nprovider "aws" {\n  alias = "x"\n  region = local.r\n}\nresource "aws_vpc" "v" { provider = aws.x }\noutput "o" { value = aws_vpc.v.id }',
      ['o'],
    ],
    [
      'what is ordered behind it',
      'resource "terraform_data" "a" { input = "ONE" }\ndata "aws_subnets" "s" { depends_on = [terraform_data.a] }\noutput "o" { value = data.aws_subnets.s.ids }',
      ['o'],
    ],
    [
      'the clock, as soon as anything runs',
      'resource "terraform_data" "a" { input = "ONE" }\noutput "o" { value = timestamp() }\noutput "p" { value = 1 }',
      ['o'],
    ],
    [
      'files that a program may write',
      'resource "local_file" "a" { content = "ONE" }\noutput "o" { value = file("a.txt") }\noutput "p" { value = 1 }',
      ['o'],
    ],
    [
      'a module elsewhere, by what it is given and by what it may look up',
      'resource "aws_s3_bucket" "b" { bucket = "ONE" }\nmodule "m" { source = "far/away/x" }\noutput "o" { value = module.m.id }\noutput "p" { value = 1 }',
      ['o'],
    ],
    ['a loop over all locals', 'locals { a = "ONE" }\noutput "o" { value = [for k, v in local : v] }', ['o']],
    [
      'an action',
      'action "aws_x" "a" {\n  config { x = "ONE" }\n}\ndata "aws_subnets" "s" {}\noutput "o" { value = data.aws_subnets.s.ids }\noutput "p" { value = 1 }',
      ['o'],
    ],
    [
      'a condition',
      'output "o" {\n  value = 1\n  precondition {\n    condition = "ONE" != ""\n    error_message = "x"\n  }\n}',
      [],
    ],
    [
      'the settings of Terraform: everything',
      'terraform { required_version = ">= ONE" }\noutput "o" { value = 1 }',
      undefined,
    ],
    [
      'what says that a block moved: everything',
      'moved {\n  from = a_b.ONE\n  to = a_b.c\n}\nresource "a_b" "c" {}',
      undefined,
    ],
    [
      'a name that nobody declares: everything',
      'locals { l = "ONE" }\noutput "o" { value = aws_vpc.gone.id }',
      undefined,
    ],
  ])('%s', (_what, text, outputs) => {
    expect(edited(text)).toEqual(outputs);
  });

  const root = `
    module "a" {
      source = "./m"
      x      = "a"
      y      = "ONE"
    }
    module "b" {
      source = "./m"
      x      = "b"
      y      = "same"
    }
    output "ax" { value = module.a.x }
    output "ay" { value = module.a.y }
    output "b" { value = module.b }
  `;
  const child = `
    variable "x" {}
    variable "y" {}
    resource "terraform_data" "y" { input = var.y }
    output "x" { value = var.x }
    output "y" { value = terraform_data.y.output }
    output "unread" { value = "ONE" }
  `;
  it('goes through the arguments and outputs of modules', () => {
    const at = (text: string, inner: string): Texts => ({ 'main.tf': text, 'm/main.tf': inner });
    const two = (text: string) => text.replaceAll('ONE', 'TWO');
    expect(reached(at(root, child), at(two(root), child))).toEqual(['ay']);
    expect(reached(at(root, child), at(root, two(child)))).toEqual(['b']);
    expect(reached(at(root, child), at(root, child.replace('= var.x', '= "${var.x}!"')))).toEqual(['ax', 'b']);
    expect(reached(at(root, child), at(root.replace('y      = "ONE"\n', ''), child))).toEqual(['ay']);
    const twice = root.replace('source = "./m"', 'source = "./m"\n      for_each = toset(["k"])');
    expect(reached(at(root, child), at(twice, child))).toEqual(['ax', 'ay']);
  });
});
