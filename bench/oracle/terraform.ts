import { execFile } from 'node:child_process';
import { join } from 'node:path';

export interface Ran {
  readonly code: number;
  readonly text: string;
}

/** Terraform in one root of a checkout; answers how it ended, whatever that is. */
export function terraform(place: string, folder: string, ...args: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: place, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' };
  return new Promise((done) => {
    execFile('terraform', [...args], { cwd: join(place, folder), env, encoding: 'utf8' }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      done({ code, text: `${stdout}${stderr}` });
    });
  });
}

const quietly = ['-input=false', '-no-color', '-lock=false'] as const;

/** `nothing` to do, something to `change`, or it `failed`. */
export async function plan(
  place: string,
  folder: string,
): Promise<{ readonly is: 'nothing' | 'change' | 'failed'; readonly text: string }> {
  const { code, text } = await terraform(place, folder, 'plan', '-detailed-exitcode', ...quietly);
  return { is: code === 0 ? 'nothing' : code === 2 ? 'change' : 'failed', text };
}

export function apply(place: string, folder: string): Promise<Ran> {
  return terraform(place, folder, 'apply', '-auto-approve', ...quietly);
}

export function init(place: string, folder: string): Promise<Ran> {
  return terraform(place, folder, 'init', '-input=false', '-no-color');
}
