import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What a program that was stopped leaves behind in its group: Terraform ends the shell of a provisioner, and not what that
 * shell had started. It is asked to end, and after a while made to.
 *
 * A number is not given to a new process while a group bears it, so nobody else is met here.
 */
export async function endGroup(leader: number, patienceMs: number): Promise<void> {
  if (!signalGroup(leader, 'SIGTERM')) return;
  const until = performance.now() + patienceMs;
  while (performance.now() < until) {
    await sleep(20);
    if (!signalGroup(leader, 0)) return;
  }
  signalGroup(leader, 'SIGKILL');
}

/** False when nobody is left in it. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leader, signal);
  } catch {
    return false;
  }
}
