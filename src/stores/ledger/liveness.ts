import { readFileSync, readlinkSync } from 'node:fs';
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
