import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import { root, told } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

/** What `app` may depend on when `core` makes one thing and `app` looks one up. */
const between = (made: string, found: string) =>
  told({ 'core/main.tf': root('core', made), 'app/main.tf': root('app', found) });
const possible = ['app ? core'];

describe('what another root module makes is possible when it is looked up', () => {
  it.each<[what: string, made: string, found: string]>([
    ['by name', 'resource "aws_iam_role" "r" { name = "Deploy" }', 'data "aws_iam_role" "r" { name = "Deploy" }'],
    [
      'by its ARN',
      'resource "aws_iam_role" "r" { name = "Deploy" }',
      'data "aws_iam_role" "r" { name = "arn:aws:iam::1:role/Deploy" }',
    ],
    [
      'by a name that both call otherwise',
      'resource "aws_ecs_cluster" "c" { name = "main" }',
      'data "aws_ecs_cluster" "c" { cluster_name = "main" }',
    ],
    [
      'by its Name tag',
      'resource "aws_vpc" "v" {\n  tags = merge({ Team = "x" }, { Name = "acme" })\n}',
      'data "aws_vpc" "v" {\n  tags = { Name = "acme" }\n}',
    ],
    [
      'by another tag, in a filter, several at once',
      'resource "aws_subnet" "s" {\n  tags = { Tier = "private" }\n}',
      'data "aws_subnets" "s" {\n  filter {\n    name   = "tag:Tier"\n    values = ["private"]\n  }\n}',
    ],
    [
      'by a name in a filter with a star',
      'resource "aws_security_group" "g" { name = "acme-db-1" }',
      'data "aws_security_group" "g" {\n  filter {\n    name   = "group-name"\n    values = ["acme-db-*"]\n  }\n}',
    ],
    [
      'by a name with a variable that both sides have',
      'variable "env" {}\nresource "aws_vpc" "v" {\n  tags = { Name = "${var.env}-acme" }\n}',
      'variable "env" {}\ndata "aws_vpc" "v" {\n  tags = { Name = "${var.env}-acme" }\n}',
    ],
    [
      'as a version of a secret',
      'resource "aws_secretsmanager_secret" "s" { name = "acme/db" }',
      'data "aws_secretsmanager_secret_version" "s" { secret_id = "acme/db" }',
    ],
    [
      'as a key by its alias',
      'resource "aws_kms_alias" "k" { name = "alias/acme" }',
      'data "aws_kms_key" "k" { key_id = "alias/acme" }',
    ],
    [
      'on Azure, within a group',
      'resource "azurerm_key_vault" "v" {\n  name = "kv"\n  resource_group_name = "rg"\n}',
      'data "azurerm_key_vault" "v" {\n  name = "KV"\n  resource_group_name = "rg"\n}',
    ],
    [
      'on Google',
      'resource "google_compute_network" "n" { name = "net" }',
      'data "google_compute_network" "n" { name = "net" }',
    ],
    [
      'as a stack',
      'resource "aws_cloudformation_stack" "s" { name = "acme" }',
      'data "aws_cloudformation_stack" "s" { name = "acme" }',
    ],
    [
      'as what a stack exports',
      'resource "aws_cloudformation_stack" "s" {\n  name = "acme"\n  template_body = jsonencode({ Outputs = { V = { Value = 1, Export = { Name = "acme-vpc" } } } })\n}',
      'data "aws_cloudformation_export" "e" { name = "acme-vpc" }',
    ],
  ])('%s', (_what, made, found) => {
    expect(between(made, found).filter((one) => one !== 'app ?')).toEqual(possible);
  });

  it.each<[what: string, made: string, found: string]>([
    ['of another name', 'resource "aws_iam_role" "r" { name = "a" }', 'data "aws_iam_role" "r" { name = "b" }'],
    ['of another kind', 'resource "aws_iam_role" "r" { name = "a" }', 'data "aws_iam_policy" "r" { name = "a" }'],
    [
      'by another tag',
      'resource "aws_vpc" "v" {\n  tags = { Name = "a" }\n}',
      'data "aws_vpc" "v" {\n  tags = { Team = "a" }\n}',
    ],
    [
      'of which another tag differs',
      'resource "aws_vpc" "v" {\n  tags = { Name = "a", Env = "x" }\n}',
      'data "aws_vpc" "v" {\n  tags = { Name = "a", Env = "y" }\n}',
    ],
    [
      'within another group',
      'resource "azurerm_subnet" "s" {\n  name = "a"\n  resource_group_name = "rg"\n}',
      'data "azurerm_subnet" "s" {\n  name = "a"\n  resource_group_name = "other"\n}',
    ],
    [
      'in another region',
      'provider "aws" { region = "a" }\nresource "aws_sqs_queue" "q" { name = "a" }',
      'provider "aws" { region = "b" }\ndata "aws_sqs_queue" "q" { name = "a" }',
    ],
    [
      'of which hardly anything is known',
      'resource "aws_vpc" "v" {\n  tags = { Name = "acme" }\n}',
      'variable "n" {}\ndata "aws_vpc" "v" {\n  tags = { Name = var.n }\n}',
    ],
    [
      'that belongs to the cloud',
      'resource "aws_iam_role" "r" { name = "a" }',
      'data "aws_region" "r" { name = "a" }\ndata "aws_ami" "a" {\n  owners = ["amazon"]\n  filter {\n    name = "name"\n    values = ["al2023-*"]\n  }\n}',
    ],
    [
      'that is switched off',
      'resource "aws_iam_role" "r" {\n  count = 0\n  name = "a"\n}',
      'data "aws_iam_role" "r" { name = "a" }',
    ],
  ])('but not %s', (_what, made, found) => {
    expect(between(made, found)).toEqual([]);
  });

  it('is told apart by region only where a region parts it', () => {
    const made = 'provider "aws" { region = "a" }\nresource "aws_iam_role" "r" { name = "x" }';
    expect(between(made, 'provider "aws" { region = "b" }\ndata "aws_iam_role" "r" { name = "x" }')).toEqual(possible);
  });

  it('is no reference when a root module looks up what it makes itself, or reads it already', () => {
    const own = 'resource "aws_iam_role" "r" { name = "x" }\ndata "aws_iam_role" "r" { name = "x" }';
    expect(told({ 'app/main.tf': root('app', own), 'core/main.tf': root('core') })).toEqual([]);
    const reads =
      'data "terraform_remote_state" "s" {\n  backend = "s3"\n  config = { bucket = "acme", key = "core" }\n}\noutput "o" { value = data.terraform_remote_state.s.outputs.id }';
    expect(
      between(
        'resource "aws_iam_role" "r" { name = "x" }\noutput "id" { value = 1 }',
        `data "aws_iam_role" "r" { name = "x" }\n${reads}`,
      ),
    ).toEqual(['app → core']);
  });
});
