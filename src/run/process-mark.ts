import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { ChildProcessMark } from '../model/run.ts';

/**
 * Finds a process again after Karma itself was killed. A number alone is not enough: numbers are used again, so the start
 * must agree too.
 */
export function startOf(pid: number): string | undefined {
  try {
    // Field 22 of /proc/<pid>/stat, counted behind the name, which may hold spaces and brackets.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie ended; only its parent has not looked yet.
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return process.platform === 'linux' ? undefined : startByPs(pid);
  }
}

function startByPs(pid: number): string | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' });
    return text.trim() || undefined;
  } catch {
    return undefined;
  }
}

export function isStillAlive(mark: ChildProcessMark, host: string): boolean {
  return mark.host === host && startOf(mark.pid) === mark.started;
}
