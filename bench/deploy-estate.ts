import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './fast-import.ts';

/** What the deploy benches need of a command line: JSON answers, and every runtime that was published. */
export interface DeployedMember {
  readonly key: string;
  readonly state: string;
  readonly seconds: number;
}

export interface DeployedAnswer {
  readonly outcome: string;
  readonly seconds: number;
  readonly members: readonly DeployedMember[];
  readonly resumed: readonly { readonly inFlight: readonly string[]; readonly outcome: string }[];
}

/** The bundle, as its users run it. */
export const program = join(import.meta.dirname, '../dist/main.js');

export function karma(estate: string, ...args: readonly string[]): string {
  const child = spawnSync(process.execPath, [program, ...args], {
    cwd: estate,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', CI: '' },
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  if (child.status !== 0) throw new Error(`karma ${args.join(' ')} ended with ${child.status}: ${child.stderr}`);
  return child.stdout;
}

export function deploy(estate: string, ...args: readonly string[]): DeployedAnswer {
  return JSON.parse(karma(estate, 'deploy', '--all', '--yes', '--json', ...args)) as DeployedAnswer;
}

/** Of every account. */
export function runtimes(estate: string): string {
  const bindings = readdirSync(join(estate, 'account_environments')).map((name) => name.replace('.json', ''));
  return bindings
    .sort()
    .map((binding) => {
      const { Parameters } = JSON.parse(karma(estate, 'parameter', 'export', '/', '--binding', binding)) as {
        Parameters: readonly { readonly Name: string; readonly Value: string }[];
      };
      return Parameters.map(({ Name, Value }) => `${binding} ${Name} ${Value}`).join('\n');
    })
    .join('\n');
}

export function commit(estate: string, message: string): void {
  const who = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.org'];
  git(estate, ['add', '-A']);
  git(estate, [...who, 'commit', '-q', '--allow-empty', '-m', message]);
}
