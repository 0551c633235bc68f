import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { EngineContext } from '../../src/engine/context.ts';
import { openEngine } from '../../src/wiring/open.ts';
import { estateMaker, type Files } from './estates.ts';
import { environment } from './karma.ts';
import { sumModule } from './sum-module.ts';

/** Repositories with an estate in each, and the engine opened on them in this process: changes are asked for without a command. */
export function changingEstates() {
  const estates = estateMaker();
  const open: EngineContext[] = [];
  let made = 0;
  afterAll(async () => {
    for (const { stores } of open) await stores.close();
  });
  const at = (place: string, data = join(estates.folder, `data-${made++}`)): EngineContext => {
    const context = openEngine({
      options: { dir: place, data },
      env: environment(),
      version: 'test',
      stays: true,
    }).as({ door: 'cli' });
    open.push(context);
    return context;
  };
  return {
    ...estates,
    at,
    make: (files: Files) => {
      const place = estates.repository(files);
      return { place, context: at(place) };
    },
  };
}

const root = (body: string, reads?: string): string => `variable "size" { type = number }
${
  reads === undefined
    ? ''
    : `data "terraform_remote_state" "before" {
  backend = "local"
  config  = { path = "\${path.module}/../${reads}/terraform.tfstate" }
}
`
}resource "terraform_data" "this" {
  input = { size = var.size, before = ${reads === undefined ? '0' : 'data.terraform_remote_state.before.outputs.total'} }
  lifecycle {
    precondition {
      condition     = var.size < 100
      error_message = "too large"
    }
  }
}
output "total" { value = ${body} }
output "size" { value = var.size }
`;

/**
 * Three root modules that run anywhere: `base`; `middle`, which reads the total of `base`; `side`, which reads nothing. Each says its
 * own size and hands on the sum, so that what is deployed shows in one number.
 */
export const runningFiles: Files = {
  '.gitignore': '*.tfstate\n*.tfstate.backup\n.terraform/\n.terraform.lock.hcl\n',
  'karma.yaml': 'estate: running\n',
  'base/main.tf': root('terraform_data.this.output.size'),
  'base/terraform.tfvars': 'size = 1\n',
  'middle/main.tf': root('terraform_data.this.output.size + terraform_data.this.output.before', 'base'),
  'middle/terraform.tfvars': 'size = 10\n',
  'side/main.tf': root('terraform_data.this.output.size'),
  'side/terraform.tfvars': 'size = 5\n',
};

/** What an output of a root module is, as its state says. */
export function outputOf(place: string, module: string, name = 'total'): unknown {
  const state = JSON.parse(readFileSync(join(place, module, 'terraform.tfstate'), 'utf8')) as {
    readonly outputs: Readonly<Record<string, { readonly value: unknown }>>;
  };
  return state.outputs[name]?.value;
}

/** An Adage estate that runs anywhere: configs are published, and a runtime is handed from `base` to `middle`. */
export const runningAdage: Files = {
  '.gitignore': '*.tfstate\n*.tfstate.backup\n.terraform/\n.terraform.lock.hcl\n',
  'karma.yaml': 'estate: running\n',
  'account_environments/running-dev.json': '{ "name": "running-dev", "environment": "dev", "config_branch": "main" }\n',
  'components/base/main.tf': sumModule('', 'var.size'),
  'components/middle/main.tf': sumModule('variable "base" {}\n', 'var.size + var.base.total'),
  'iac/dev/base/main/config.json': '{ "size": 1 }\n',
  'iac/dev/base/other/config.json': '{ "size": 2 }\n',
  'iac/dev/middle/main/config.json': '{ "size": 10, "base_nickname": "main" }\n',
  'iac/dev/middle/other/config.json': '{ "size": 20, "base_nickname": "other" }\n',
};
