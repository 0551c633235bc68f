import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
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

/** Undefined where the system has no named pipes: then the caller uses ordinary ones. */
export async function makePipes(folder: string): Promise<NamedPipes | undefined> {
  const pipes = pipesIn(folder);
  rmSync(pipes.out, { force: true });
  rmSync(pipes.err, { force: true });
  try {
    await run('mkfifo', ['-m', '600', pipes.out, pipes.err]);
    return pipes;
  } catch {
    return undefined;
  }
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
