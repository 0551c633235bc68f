import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Random } from '../random.ts';
import type { Product } from './product.ts';

/** What a harness is given: the product, chance, and a folder of its own. */
export interface World {
  readonly product: Product;
  readonly random: Random;
  readonly folder: string;
  /** What was found wrong, in words. */
  readonly faults: string[];
  /** Progress, for who watches. */
  say(text: string): void;
}

/** One harness: so many rounds, each of its own. Faults go into the world. */
export type Harness = (world: World, rounds: number) => Promise<void>;

export type Files = Readonly<Record<string, string>>;

export function writeFiles(folder: string, files: Files): string {
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

export function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-c', 'user.name=h', '-c', 'user.email=h@example.org', ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    // It waits for ever for a pipe that is called `.gitignore`.
    timeout: 60_000,
    killSignal: 'SIGKILL',
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_NOSYSTEM: '1' },
  }).trim();
}

export function repository(folder: string, files: Files): string {
  writeFiles(folder, files);
  git(folder, 'init', '-q', '-b', 'main');
  commit(folder);
  return folder;
}

/** A repository like that of another round: copied, because Git is slower to make one than anything is to ask it. */
export function copied(from: string, to: string): string {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  return to;
}

export function commit(folder: string): void {
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '--allow-empty', '-m', 'change');
}

const block = `variable "size" { type = number }
variable "nickname" { type = string }
resource "terraform_data" "this" { input = var.size }
output "id" { value = "\${var.nickname}-\${terraform_data.this.output}" }
`;

/** Components that deploy with Terraform's built-in provider: a line of them, each reading the one before. */
export const deployable: Files = {
  'karma.yaml': 'estate: harness\n',
  'account_environments/acme-dev.json': '{ "name": "acme-dev", "environment": "dev", "config_branch": "main" }\n',
  ...Object.fromEntries(
    ['a', 'b', 'c'].flatMap((type, place, all) => {
      const reads = all[place - 1];
      return [
        [`iac/dev/${type}/x/config.json`, JSON.stringify({ size: 1, ...(reads && { [`${reads}_nickname`]: 'x' }) })],
        [`components/${type}/main.tf`, block + (reads === undefined ? '' : `variable "${reads}" { type = any }\n`)],
        [
          `components/${type}/component.yaml`,
          reads === undefined ? '{}\n' : `references:\n  ${reads}: { type: ${reads}, by: ${reads}_nickname }\n`,
        ],
      ];
    }),
  ),
};

/** The other layouts beside it. */
export const mixed: Files = {
  ...deployable,
  'root.hcl': 'locals {\n  region = "eu-west-1"\n}\n',
  'live/vpc/terragrunt.hcl':
    'include "root" {\n  path = find_in_parent_folders("root.hcl")\n  expose = true\n}\nterraform {\n  source = "../../modules/vpc"\n}\ninputs = {\n  cidr   = "10.0.0.0/16"\n  region = include.root.locals.region\n}\n',
  'live/app/terragrunt.hcl':
    'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\nterraform {\n  source = "../../modules/app"\n}\ndependency "vpc" {\n  config_path = "../vpc"\n}\ninputs = {\n  vpc_id = dependency.vpc.outputs.vpc_id\n}\n',
  'modules/vpc/main.tf':
    'variable "cidr" {}\nvariable "region" { default = "x" }\noutput "vpc_id" { value = "vpc-${var.cidr}" }\n',
  'modules/app/main.tf': 'variable "vpc_id" {}\noutput "url" { value = [for x in [var.vpc_id] : upper(x)] }\n',
  'roots/net/main.tf':
    'terraform {\n  backend "s3" {\n    bucket = "b"\n    key    = "net"\n  }\n}\nvariable "name" { default = "n" }\noutput "id" { value = "${var.name}-1" }\n',
  'roots/net/terraform.tfvars': 'name = "net"\n',
  'roots/web/main.tf':
    'terraform {\n  backend "s3" {\n    bucket = "b"\n    key    = "web"\n  }\n}\ndata "terraform_remote_state" "net" {\n  backend = "s3"\n  config  = { bucket = "b", key = "net" }\n}\noutput "url" { value = data.terraform_remote_state.net.outputs.id }\n',
};

/** Runtimes as an account holds them. */
export async function published(product: Product, at: readonly string[]): Promise<string> {
  const told = await product.askStaying(['parameter', 'export', '/', '--binding', 'acme-dev', ...at]);
  return told.stdout;
}
