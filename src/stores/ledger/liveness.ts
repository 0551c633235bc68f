import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import type { LeaseHolder } from './port.ts';

/** What one host can say about its own processes: a lease whose holder is gone from here is free at once. */
export interface HostProcesses {
  /** Names one set of process ids: two containers of one host name differ, and so does a host after a reboot. */
  readonly host: string;
  isAlive(pid: number): boolean;
}

export function thisHost(): HostProcesses {
  return { host: `${hostname()}${processSpace()}`, isAlive };
}

/**
 * Ends a process of this host that stands still (stopped, not merely slow) in the middle of writing a file: nobody else could ever
 * write it, and what it had begun must not land when it goes on. Only one that is seen to hold the file open is meant; where that
 * cannot be seen, nothing is done. The file is whole afterwards: what was not committed is gone with it.
 */
export function evictStopped(holder: LeaseHolder, file: string): void {
  if (holder.host !== thisHost().host || !isStopped(holder.pid) || !holdsOpen(holder.pid, file)) return;
  process.kill(holder.pid, 'SIGKILL');
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let turn = 0; turn < 200 && holdsOpen(holder.pid, file); turn += 1) Atomics.wait(pause, 0, 0, 10);
}

function isStopped(pid: number): boolean {
  try {
    // The name, in brackets, may hold anything; the state follows it.
    return /^.*\)\s+[Tt]\s/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function holdsOpen(pid: number, file: string): boolean {
  try {
    const real = realpathSync(file);
    return readdirSync(`/proc/${pid}/fd`).some((name) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${name}`) === real;
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}

/** True only when the holder ran here and its process is gone. A process id given out again merely means waiting. */
export function isKnownDead(holder: LeaseHolder, here: HostProcesses): boolean {
  return holder.host === here.host && !here.isAlive(holder.pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there, but somebody else's.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** On Linux the boot and the process-id namespace; elsewhere the host name must do. */
function processSpace(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
    const space = readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
    return `#${boot}-${space}`;
  } catch {
    return '';
  }
}
