import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { sep } from 'node:path';
import type { HookDelivery } from '../model/hook-delivery.ts';
import { signalGroup } from './process-group.ts';
import { findProgram } from './tool.ts';

const patience = 60_000;

/** Starts a program with the message on stdin. What it says goes nowhere: a log is no place for what a stranger prints. */
export const startHook: HookDelivery['start'] = async ([name = '', ...args], body, { environment, outside, path }) => {
  const found = findProgram(name, path);
  if (found === undefined) return `${name} is not there`;
  // What lies in the estate the next commit could change, and nobody trusted that.
  const real = realpathSync.native(found);
  if (outside.some((folder) => real === folder || real.startsWith(folder.endsWith(sep) ? folder : folder + sep)))
    return `${name} lies in the estate: name a program outside of it`;
  return new Promise((resolve) => {
    const child = spawn(real, args, {
      // A group of its own, so that all of it can be ended.
      ...{ cwd: tmpdir(), env: { ...environment }, detached: true, stdio: ['pipe', 'ignore', 'ignore'] },
    });
    let isLate = false;
    const late = setTimeout(() => {
      isLate = true;
      if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    }, patience);
    const end = (trouble: string | undefined): void => {
      clearTimeout(late);
      resolve(trouble);
    };
    child.once('error', () => end(`${name} could not be started`));
    child.once('exit', (code, signal) =>
      end(isLate ? `${name} did not end in time` : code === 0 ? undefined : `${name} ended with ${signal ?? code}`),
    );
    // One that does not read its message has nothing against it.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(body);
  });
};
