import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar, parseHcl } from '../hcl/parse.ts';
import { initNeeds } from './needs-init.ts';

describe('whether init is needed', () => {
  beforeAll(() => loadGrammar());

  it.each([
    ['built-in resources', 'resource "terraform_data" "x" {}', false, false],
    ['a state of others', 'data "terraform_remote_state" "x" {\n  backend = "local"\n}', false, false],
    ['only outputs', 'output "x" { value = 1 }', false, false],
    ['a provider', 'resource "aws_vpc" "x" {}', true, true],
    ['a data source', 'data "aws_vpc" "x" {}', true, true],
    ['a provider block', 'provider "aws" {}', true, true],
    [
      'required providers',
      'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}',
      true,
      true,
    ],
    ['a module', 'module "x" { source = "../x" }', true, false],
    ['a backend', 'terraform {\n  backend "s3" {}\n}', true, false],
    ['a cloud block', 'terraform {\n  cloud {}\n}', true, false],
  ])('%s', (_name, text, needed, providers) => {
    const answer = initNeeds([parseHcl(text)]);
    expect([answer.needed, answer.providers]).toEqual([needed, providers]);
    expect(answer.reasons.length > 0).toBe(needed);
  });

  it('reads the path of a local backend', () => {
    expect(initNeeds([parseHcl('terraform {\n  backend "local" {\n    path = "../s.tfstate"\n  }\n}')])).toMatchObject({
      backend: 'local',
      localPath: '../s.tfstate',
    });
  });
});
