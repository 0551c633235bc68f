import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { ChildProcessMark } from '../model/run.ts';
import { LineSplitter } from './lines.ts';
import { closeAll, makePipes, openReader, openWriter } from './pipes.ts';
import { endGroup, signalGroup } from './process-group.ts';
import { startOf } from './process-mark.ts';

/** Starts one program without a shell, streams its lines, and stops it in steps: SIGINT, then SIGTERM, and only then SIGKILL. */
export interface ChildRequest {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine: (line: string, from: 'out' | 'err') => void;
  readonly signal: AbortSignal;
  readonly host: string;
  /** For pipes; only with {@link survives}. */
  readonly runFolder: string;
  /** Whether the program must live on when Karma is killed: an apply must, a plan need not. */
  readonly survives: boolean;
  readonly onStart?: (mark: ChildProcessMark) => void;
  readonly timeoutMs?: number;
  readonly grace: Grace;
  /** What the program reads from descriptor 3: it stands in no file, so that nothing of it is left when Karma is killed. */
  readonly handed?: string;
  /** Lines longer than this are cut off. */
  readonly longestLine?: number;
}

/** How long each step of stopping waits for the next, in ms. */
export interface Grace {
  /** From SIGINT to SIGTERM: Terraform finishes what it has begun and writes its state. */
  readonly interrupt: number;
  /** From SIGTERM to SIGKILL. */
  readonly terminate: number;
}

export const patientGrace: Grace = { interrupt: 120_000, terminate: 30_000 };

/** For what is left of a program that has ended, in ms: nobody waits for it any more. */
export const leftoverPatience = 2000;

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stopped: 'interrupted' | 'timed out' | undefined;
}

/** @throws what `spawn` reports: the program is not there, the folder is not there. */
export async function runChild(request: ChildRequest): Promise<ChildEnd> {
  const pipes = request.survives ? await makePipes(request.runFolder) : undefined;
  const readers = pipes === undefined ? undefined : { out: openReader(pipes.out), err: openReader(pipes.err) };
  const writers = pipes === undefined ? [] : [openWriter(pipes.out), openWriter(pipes.err)];
  const handed = nameless(request);
  let child: ChildProcess;
  try {
    child = spawn(request.program, [...request.args], {
      cwd: request.folder,
      env: { ...request.environment },
      // A group of its own: Ctrl-C on the terminal is Karma's to pass on.
      detached: true,
      stdio: ['ignore', writers[0] ?? 'pipe', writers[1] ?? 'pipe', ...handed],
    });
  } finally {
    closeAll([...writers, ...handed]);
  }
  const ended = whenEnded(child);
  const out = readers?.out ?? child.stdout;
  const err = readers?.err ?? child.stderr;
  const streams = [
    out === null ? undefined : readLines(out, 'out', request),
    err === null ? undefined : readLines(err, 'err', request),
  ];
  announce(child, request);
  const stopper = stopInSteps(child, request);
  try {
    const { code, signal } = await ended;
    // A program that ends by itself may leave something running on purpose; one that was stopped may not.
    if (stopper.stopped() !== undefined && child.pid !== undefined) await endGroup(child.pid, leftoverPatience);
    await Promise.race([Promise.all(streams), settle(readers === undefined ? 2000 : 200)]);
    return { code, signal, stopped: stopper.stopped() };
  } finally {
    stopper.done();
    out?.destroy();
    err?.destroy();
  }
}

/** A file that has lost its name before anything is written to it: it goes with the last process that has it open. */
function nameless({ handed, runFolder }: ChildRequest): readonly number[] {
  if (handed === undefined) return [];
  const path = join(runFolder, 'handed');
  rmSync(path, { force: true });
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  // At a place, so that whoever reads from the same opening begins at its beginning.
  const bytes = Buffer.from(handed);
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, at);
  return [file];
}

function whenEnded(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

/** A program that left a child of its own behind keeps the pipe open: what it printed by now is enough. */
function settle(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

function announce(child: ChildProcess, request: ChildRequest): void {
  if (child.pid === undefined || request.onStart === undefined) return;
  const started = startOf(child.pid);
  if (started === undefined) return;
  request.onStart({ host: request.host, pid: child.pid, started, folder: request.runFolder });
}

export function readLines(
  stream: Readable,
  from: 'out' | 'err',
  request: Pick<ChildRequest, 'onLine' | 'longestLine'>,
): Promise<void> {
  const splitter = new LineSplitter((line) => request.onLine(line, from), request.longestLine);
  return new Promise((resolve) => {
    stream.on('data', (chunk: Uint8Array) => splitter.push(chunk));
    const finish = () => {
      splitter.end();
      resolve();
    };
    stream.once('end', finish);
    stream.once('error', finish);
  });
}

interface Stopper {
  stopped(): ChildEnd['stopped'];
  done(): void;
}

function stopInSteps(child: ChildProcess, request: ChildRequest): Stopper {
  const timers: NodeJS.Timeout[] = [];
  let stopped: ChildEnd['stopped'];
  const later = (ms: number, act: () => void) => timers.push(setTimeout(act, ms));
  const stop = (why: ChildEnd['stopped']) => {
    if (stopped !== undefined) return;
    stopped = why;
    child.kill('SIGINT');
    later(request.grace.interrupt, () => {
      child.kill('SIGTERM');
      later(request.grace.terminate, () => killGroup(child));
    });
  };
  const onAbort = () => stop('interrupted');
  if (request.signal.aborted) onAbort();
  else request.signal.addEventListener('abort', onAbort, { once: true });
  if (request.timeoutMs !== undefined) later(request.timeoutMs, () => stop('timed out'));
  return {
    stopped: () => stopped,
    done: () => {
      request.signal.removeEventListener('abort', onAbort);
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** The last step takes what the program started along: a provisioner's script that hangs. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (!signalGroup(child.pid, 'SIGKILL')) child.kill('SIGKILL');
}
