import { createHash } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What tells whether a process that began something still lives; process ids mean nothing on another host. */
export interface Processes {
  readonly host: string;
  isAlive(pid: number): boolean;
}

/** Of another host nobody can tell: no fetch takes so long. */
const longest = 24 * 60 * 60 * 1000;

/** The name under which something is made that will be called `name`: no two processes share it. */
export function nameInTheMaking(name: string, { host }: Processes): string {
  return `${name}.${markOf(host)}-${process.pid}.tmp`;
}

/** Removes what processes that ended before they were done left in a folder. What cannot be removed stays for the next. */
export function clearAbandoned(folder: string, { host, isAlive }: Processes, now: number): void {
  for (const name of namesIn(folder)) {
    const [, mark, pid] = /\.([0-9a-f]{8})-(\d+)\.tmp$/.exec(name) ?? [];
    if (mark === undefined) continue;
    const place = join(folder, name);
    try {
      const ended = mark === markOf(host) ? !isAlive(Number(pid)) : now - statSync(place).mtimeMs > longest;
      if (ended) rmSync(place, { recursive: true, force: true });
    } catch {
      // Somebody else removed it, or may not.
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function markOf(host: string): string {
  return createHash('sha256').update(host).digest('hex').slice(0, 8);
}
