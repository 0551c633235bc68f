import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entry } from './karma.ts';

/** File systems as bad as people have them. Needs the right to mount in a name space of its own: root, on Linux. */
export const canMount = ((): boolean => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), 'karma-mount-'));
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
})();

/** For {@link CallOptions.through}: the command line runs after shell commands in a mount name space of its own. */
export function behind(...commands: readonly string[]): string[] {
  const script = `set -e; ${commands.map((command) => `${command};`).join(' ')} exec "$@"`;
  return ['unshare', '-m', 'sh', '-c', script, 'sh', process.execPath, entry];
}

export function readOnly(folder: string): string {
  return `mount --bind '${folder}' '${folder}'; mount -o remount,ro,bind '${folder}'`;
}

export function smallDisk(folder: string, kilobytes: number): string {
  return `mount -t tmpfs -o size=${kilobytes}k tmpfs '${folder}'`;
}

/** Without a network: not even the loopback is up. */
export function offline(...commands: readonly string[]): string[] {
  const [unshare = '', ...rest] = behind(...commands);
  return [unshare, '-n', ...rest];
}
