import { execFile } from 'node:child_process';
import type { Planned } from './layouts/layout.ts';

export interface Ran {
  readonly code: number;
  readonly text: string;
}

/** Each lives for a moment: to collect garbage is a quarter of its work. */
const own = { HOME: '/nonexistent', TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1', GOGC: 'off' };

/** A program in a folder; answers how it ended, whatever that is. */
export function run(
  program: string,
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const env = { ...own, PATH: process.env['PATH'] ?? '', ...environment };
  return new Promise((done) => {
    execFile(program, [...args], { cwd: folder, env, encoding: 'utf8', maxBuffer: 1e8 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      done({ code, text: `${stdout}${stderr}` });
    });
  });
}

const quietly = ['-input=false', '-no-color', '-lock=false', '-refresh=false'] as const;

export const planArgs = ['plan', '-detailed-exitcode', ...quietly] as const;
export const applyArgs = ['apply', '-auto-approve', ...quietly] as const;
export const initArgs = ['init', '-input=false', '-no-color'] as const;

export function planned({ code, text }: Ran): Planned {
  return { is: code === 0 ? 'nothing' : code === 2 ? 'change' : 'failed', text };
}
