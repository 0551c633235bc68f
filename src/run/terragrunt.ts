import type { RunJob, Runner } from './port.ts';
import { type TerraformOptions, terraformRunner } from './terraform.ts';

/**
 * Experimental. Runs one Terragrunt unit: the same steps as Terraform, each as `terragrunt run … -- <command>`, with
 * Terraform's own output passed through. Terragrunt makes the variables, the backend and the working folder, so a job hands it
 * none of them. A plan comes first and exactly that plan is applied; other units are never run along.
 */
export function terragruntRunner(options: TerraformOptions): Runner {
  return terraformRunner({ ...options, wrap: terragruntWords });
}

/** Its own errors are all that it says beside Terraform: as plain text, which no setting of the person changes. */
const log = ['--log-level', 'error', '--log-custom-format', '%msg()'];
const before = ['run', '--non-interactive', '--no-color', '--tf-forward-stdout', ...log];

/** `plan …` becomes `run … -- plan …`; what only asks the program itself stays as it is. */
export function terragruntWords(args: readonly string[]): readonly string[] {
  return args[0] === '--version' ? args : [...before, '--', ...args];
}

/** What Terragrunt decides must not be decided twice. */
export function terragruntJob(job: RunJob): RunJob {
  const { state: _state, variables: _variables, backendConfig: _backend, dataFolder: _data, ...rest } = job;
  // Terragrunt runs init by itself, and keeps Terraform's data folder in its own cache.
  return { ...rest, dataFolder: '', init: false, environment: { ...job.environment, TG_NON_INTERACTIVE: 'true' } };
}
