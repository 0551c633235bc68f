import fc from 'fast-check';
import type { TemporaryFolder, TemporaryRepository } from '../../observe/git/temporary-repository.ts';

const module = (reads: string) => `variable "nickname" {}
data "aws_ssm_parameter" "config" {
  name = "/iac/\${var.component_name}/\${var.nickname}/config"
}
locals {
  config = jsondecode(data.aws_ssm_parameter.config.value)
}
${reads}
resource "aws_ssm_parameter" "runtime" {
  name  = "/iac/\${var.component_name}/\${var.nickname}/runtime"
  value = jsonencode({ id = 1, zone = data.aws_route53_zone.z.zone_id })
}
`;
const reading = (type: string, key = `local.config.${type}_nickname`) => `data "aws_ssm_parameter" "${type}" {
  name = "/iac/${type}/\${${key}}/runtime"
}
output "x" {
  value = jsondecode(data.aws_ssm_parameter.${type}.value).id
}`;
const unit = (more: string) => `include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n${more}`;
const dependency = (path: string) =>
  `dependency "d" {\n  config_path = "${path}"\n}\ninputs = { a = dependency.d.outputs.id }\n`;
const state = (key: string) => `terraform {\n  backend "s3" {\n    bucket = "b"\n    key = "${key}"\n  }\n}\n`;
const remote = (key: string) => `data "terraform_remote_state" "r" {
  backend = "s3"
  config = { bucket = "b", key = "${key}" }
}
output "o" {
  value = data.terraform_remote_state.r.outputs.vpc_id
}
`;

/** A small estate of every layout: what may stand at each path; nothing is always one of the choices. */
const choices: Readonly<Record<string, readonly string[]>> = {
  'account_environments/dev.json': ['{"environment": "dev"}', '{"environment": "dev", "config_branch": "x"}'],
  'components/vpc/main.tf': [module(''), module('// a comment above\n'), module('resource "aws_vpc" "this" {}')],
  'components/app/main.tf': [module(reading('vpc')), module(`\n${reading('vpc')}`), module(reading('vpc', '"main"'))],
  'components/app/component.yaml': ['references: { vpc: { type: vpc, by: vpc_nickname } }\n'],
  'iac/dev/vpc/main/config.json': ['{}', '{"cidr": "10.0.0.0/8"}', '{"tags": {"owner": "net"}}'],
  'iac/dev/vpc/other/config.json': ['{}', '{"$extends": "dev/vpc/main"}'],
  'iac/dev/app/a/config.json': [
    '{"vpc_nickname": "main"}',
    '{"vpc_nickname": "other"}',
    '{"vpc_nickname": "nobody"}',
    '{',
  ],
  'iac/dev/app/b/config.json': [
    '{"vpc_nickname": "main", "size": 1}',
    '{"$depends_on": ["app/a"]}',
    '{"db_password": "hunter2"}',
    '{"db_password": "hunter3"}',
  ],
  'iac/dev/some-api/c/config.json': ['{}', '{"a": 1}'],
  'iac/dev/some-api/d/config.json': ['{"openapi": "c"}'],
  'openapi/c/openapi.json': ['{"openapi": "3.0.0", "paths": {"/x": {"get": {"x-lambda-nickname": "a"}}}}'],
  'live/root.hcl': [
    'locals { e = get_env("STAGE", "none") }\n',
    'inputs = { region = get_env("STAGE", "none") }\n',
    'inputs = { password = get_env("STAGE", "none") }\n',
  ],
  'live/a/terragrunt.hcl': [
    unit(''),
    unit(dependency('../b')),
    unit(dependency('../c')),
    unit(`inputs = { a = file("\${get_repo_root()}/config/\${run_cmd("../../config/e.sh")}.yaml") }\n`),
  ],
  'live/b/terragrunt.hcl': [unit(''), unit(dependency('../a')), 'terraform { source = "../../modules/m" }\n'],
  'live/terragrunt.stack.hcl': ['unit "s" {\n  source = "../catalog"\n  path = "s"\n}\n'],
  'catalog/terragrunt.hcl': [dependency('../../a'), ''],
  'modules/m/main.tf': ['output "id" { value = 1 }\n', 'variable "v" {}\n'],
  'roots/net/main.tf': [
    state('net'),
    `${state('net')}output "vpc_id" { value = 1 }\n`,
    state('other'),
    `${state('net')}variable "env" {}\nlocals { c = file("\${path.module}/../../config/\${var.env}.yaml") }\n`,
  ],
  'roots/net/terraform.tfvars': [
    'env = "dev"\n',
    'env = "prod"\n',
    '# none\n',
    'env = "postgres://ted:hunter2@db/x"\n',
  ],
  'roots/web/main.tf': [
    state('web') + remote('net'),
    state('web') + remote('other'),
    state('net') + remote('net'),
    `${state('web')}data "archive_file" "z" { source_dir = "../../config" }\n`,
  ],
  'config/dev.yaml': ['size: 1\n', 'size: 2\n'],
  'config/prod.yaml': ['size: 1\n', 'size: 2\n'],
  'config/e.sh': ['echo dev\n', 'echo prod\n'],
  'atmos.yaml': ['base_path: ""\n'],
  CODEOWNERS: ['* @team\n', 'live/ @live\n'],
  'karma.yaml': [
    'estate: small\n',
    'estate: small\nreferences:\n  - { from: live/a, to: roots/net, reason: r }\n  - { from: live/a, to: live/b, deny: true, reason: r }\n',
    'estate: small\npolicies:\n  - { name: p, from: live/a, to: live/b, severity: error, reason: r }\n',
    'estate: small\nassume:\n  - { source: atmos, reason: r }\n  - { component: "live/*", code: program-unread, reason: r }\nconsumers:\n  - { who: w, reads: roots/web, consumes: [] }\n',
  ],
};

export const paths = Object.keys(choices);

function pick(texts: readonly string[], choice: number): string | undefined {
  return texts[choice % texts.length];
}

/** Puts the choices made in their places; null takes a file away. */
export function apply(repository: TemporaryRepository, files: Readonly<Record<string, number | null>>): void {
  for (const [path, choice] of Object.entries(files)) {
    const text = choice === null ? undefined : pick(choices[path] ?? [], choice);
    if (text === undefined) repository.remove(path);
    else repository.write({ [path]: text });
  }
}

/** Enough of an estate to begin with: a choice for each of some paths. */
export const someFiles = fc.dictionary(fc.constantFrom(...paths), fc.nat(3), { minKeys: 10, maxKeys: paths.length });

/** A repository that holds these in its first commit. */
export function begun(folder: TemporaryFolder, files: Parameters<typeof apply>[1]): TemporaryRepository {
  const repository = folder.repository('estate').write({ 'README.md': 'x' });
  apply(repository, files);
  repository.commit('begin');
  return repository;
}
