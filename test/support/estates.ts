import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { git } from './karma.ts';

export type Files = Readonly<Record<string, string | Buffer>>;

/** A folder that goes away with the tests of the file that asked for it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'karma-robust-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

let made = 0;

/** Folders below one temporary folder. Call it once a test file, at its top. */
export function estateMaker(): {
  readonly folder: string;
  /** A plain folder with these files. */
  plain(files: Files): string;
  /** The same as a repository with one commit on `main`. */
  repository(files: Files): string;
} {
  const folder = temporaryFolder();
  const plain = (files: Files): string => {
    made += 1;
    return writeFiles(join(folder, `estate-${made}`), files);
  };
  const repository = (files: Files): string => {
    const place = plain(files);
    git(place, 'init', '-q', '-b', 'main');
    commitAll(place, 'one');
    return place;
  };
  return { folder, plain, repository };
}

export function writeFiles(folder: string, files: Files): string {
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

export function commitAll(folder: string, message: string): string {
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '--allow-empty', '-m', message);
  return git(folder, 'rev-parse', 'HEAD');
}

/** One digest over names, kinds and bytes of everything below a folder, but for what `leaveOut` names. */
export function folderDigest(folder: string, leaveOut: (path: string) => boolean = () => false): string {
  const hash = createHash('sha256');
  const walk = (path: string) => {
    for (const name of readdirSync(join(folder, path)).sort()) {
      const inner = path === '' ? name : `${path}/${name}`;
      if (leaveOut(inner)) continue;
      const stat = lstatSync(join(folder, inner));
      if (stat.isDirectory()) {
        hash.update(`folder ${inner}\n`);
        walk(inner);
      } else if (stat.isSymbolicLink()) hash.update(`link ${inner} ${readlinkSync(join(folder, inner))}\n`);
      else hash.update(`file ${inner} ${stat.size}\n`).update(readFileSync(join(folder, inner)));
    }
  };
  walk('');
  return hash.digest('hex');
}

/** A small Adage estate: `app/web` reads the runtime that `vpc/main` writes. */
export const adageFiles: Files = {
  'karma.yaml': 'estate: acme\n',
  'account_environments/acme-dev.json': '{ "name": "acme-dev", "environment": "dev", "config_branch": "main" }\n',
  'iac/dev/vpc/main/config.json': '{ "cidr": "10.0.0.0/16" }\n',
  'iac/dev/app/web/config.json': '{ "vpc_nickname": "main", "size": 2 }\n',
  'components/vpc/main.tf': `variable "iac_prefix" { default = "/iac" }
variable "nickname" {}
data "aws_ssm_parameter" "config" { name = "\${var.iac_prefix}/vpc/\${var.nickname}/config" }
locals { config = jsondecode(data.aws_ssm_parameter.config.value) }
resource "aws_vpc" "this" { cidr_block = local.config.cidr }
resource "aws_ssm_parameter" "runtime" {
  name  = "\${var.iac_prefix}/vpc/\${var.nickname}/runtime"
  type  = "String"
  value = jsonencode({ vpc_id = aws_vpc.this.id, cidr = aws_vpc.this.cidr_block })
}
`,
  'components/app/main.tf': `variable "iac_prefix" { default = "/iac" }
variable "nickname" {}
data "aws_ssm_parameter" "config" { name = "\${var.iac_prefix}/app/\${var.nickname}/config" }
locals {
  config = jsondecode(data.aws_ssm_parameter.config.value)
  vpc    = jsondecode(data.aws_ssm_parameter.vpc.value)
}
data "aws_ssm_parameter" "vpc" { name = "\${var.iac_prefix}/vpc/\${local.config.vpc_nickname}/runtime" }
resource "aws_instance" "this" {
  count     = local.config.size
  subnet_id = local.vpc.vpc_id
}
resource "aws_ssm_parameter" "runtime" {
  name  = "\${var.iac_prefix}/app/\${var.nickname}/runtime"
  type  = "String"
  value = jsonencode({ url = "https://\${aws_instance.this[0].id}" })
}
`,
};

/** A small Terragrunt estate: `live/dev/app` depends on `live/dev/vpc`. */
export const terragruntFiles: Files = {
  'root.hcl': 'locals { region = "eu-west-1" }\n',
  'live/dev/vpc/terragrunt.hcl': `include "root" { path = find_in_parent_folders("root.hcl") }
terraform { source = "\${get_terragrunt_dir()}/../../../modules/vpc" }
inputs = { cidr = "10.0.0.0/16" }
`,
  'live/dev/app/terragrunt.hcl': `include "root" { path = find_in_parent_folders("root.hcl") }
terraform { source = "\${get_terragrunt_dir()}/../../../modules/app" }
dependency "vpc" { config_path = "../vpc" }
inputs = { vpc_id = dependency.vpc.outputs.vpc_id }
`,
  'modules/vpc/main.tf': 'variable "cidr" {}\noutput "vpc_id" { value = "vpc-${var.cidr}" }\n',
  'modules/app/main.tf': 'variable "vpc_id" {}\noutput "url" { value = var.vpc_id }\n',
};

/** Two root modules: `app` reads the state of `network`. */
export const terraformFiles: Files = {
  'network/main.tf': `terraform {
  backend "s3" {
    bucket = "states"
    key    = "network.tfstate"
    region = "eu-west-1"
  }
}
output "vpc_id" { value = "vpc-1" }
`,
  'app/main.tf': `terraform {
  backend "s3" {
    bucket = "states"
    key    = "app.tfstate"
    region = "eu-west-1"
  }
}
data "terraform_remote_state" "network" {
  backend = "s3"
  config = { bucket = "states", key = "network.tfstate", region = "eu-west-1" }
}
output "url" { value = data.terraform_remote_state.network.outputs.vpc_id }
`,
};
