import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, renameSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/**
 * The output of a program that must outlive Karma. With an ordinary pipe a killed Karma takes Terraform along: its next line
 * goes to a closed pipe, SIGPIPE ends it in the middle of an apply, and what it made is in no state. A file instead would hold
 * in clear what the log must not. So: a named pipe, which the program opens for reading and writing. It is its own reader,
 * nothing reaches a disk, and whoever resumes opens the pipe again and reads on.
 */
export interface NamedPipes {
  readonly out: string;
  readonly err: string;
}

const run = promisify(execFile);

/** One process makes many as fast as two: most runs find theirs made. */
const atOnce = 16;
/** By the folder that runs lie in: pipes that no run has taken yet. */
const spare = new Map<string, string[]>();
const making = new Map<string, Promise<boolean>>();
let made = 0;

/** Undefined where the system has no named pipes: then the caller uses ordinary ones. */
export async function makePipes(folder: string): Promise<NamedPipes | undefined> {
  const runs = dirname(folder);
  const pipes = pipesIn(folder);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const list = spare.get(runs) ?? [];
    const [out, err] = [list.pop(), list.pop()];
    if (out !== undefined && err !== undefined && takePipes(out, err, pipes)) return pipes;
    if (!(await makeSpare(runs))) return undefined;
  }
  return undefined;
}

/** False when somebody swept them away in between. */
function takePipes(out: string, err: string, pipes: NamedPipes): boolean {
  try {
    renameSync(out, pipes.out);
    renameSync(err, pipes.err);
    return true;
  } catch {
    return false;
  }
}

function makeSpare(runs: string): Promise<boolean> {
  const known = making.get(runs) ?? moreSpare(runs).finally(() => making.delete(runs));
  making.set(runs, known);
  return known;
}

async function moreSpare(runs: string): Promise<boolean> {
  const paths = Array.from({ length: atOnce }, () => join(runs, `${sparePrefix}${process.pid}-${made++}`));
  for (const path of paths) rmSync(path, { force: true });
  try {
    await run('mkfifo', ['-m', '600', ...paths]);
  } catch {
    return false;
  }
  spare.set(runs, [...(spare.get(runs) ?? []), ...paths]);
  return true;
}

const sparePrefix = '.pipe-';

/** Removes pipes that nobody took: of this process, and of those that are gone. */
export function sweepSpare(runs: string, names: readonly string[], isAlive: (pid: number) => boolean): void {
  for (const name of names) {
    if (!name.startsWith(sparePrefix)) continue;
    const pid = Number.parseInt(name.slice(sparePrefix.length), 10);
    if (pid === process.pid || !isAlive(pid)) rmSync(join(runs, name), { force: true });
  }
  spare.delete(runs);
}

export function pipesIn(folder: string): NamedPipes {
  return { out: join(folder, 'stdout.pipe'), err: join(folder, 'stderr.pipe') };
}

/** The end to read from. It ends when the last program that has the pipe open is gone. */
export function openReader(pipe: string): Socket {
  const fd = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}

/** The end for the program: read and write, so that a write never fails for want of a reader. */
export function openWriter(pipe: string): number {
  return openSync(pipe, constants.O_RDWR);
}

export function closeAll(fds: readonly number[]): void {
  for (const fd of fds) closeSync(fd);
}
