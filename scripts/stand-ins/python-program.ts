import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { cached, type Missing } from './server.ts';

interface PythonProgram {
  readonly name: string;
  readonly version: string;
  /** As pip names it, with its parts. */
  readonly wants: string;
  readonly about: string;
}

/** The folder of a program's own Python environment, fetched from PyPI when it is not there yet. */
export function fetchPythonProgram({ name, version, wants, about }: PythonProgram): string | Missing {
  const how = (what: string) =>
    `${name} ${version}, ${about}, needs ${what}. Get it: apt-get install python3-venv, then node scripts/stand-ins.ts fetch.`;
  return cached(`${name}-${version}`, (draft) => {
    const made = spawnSync('python3', ['-m', 'venv', draft], { encoding: 'utf8' });
    if (made.status !== 0) return { missing: how('Python 3 with venv') };
    const python = join(draft, 'bin', 'python');
    const { status, stderr } = spawnSync(python, ['-m', 'pip', 'install', '-q', wants], { encoding: 'utf8' });
    return status === 0 ? undefined : { missing: `${how('its packages')} pip says: ${stderr.slice(0, 500)}` };
  });
}
