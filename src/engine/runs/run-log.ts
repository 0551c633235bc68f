import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { KarmaError } from '../../model/errors.ts';
import type { EngineContext } from '../context.ts';

/** As runs are named: nothing else may lead to a file. */
export const runName = /^r[0-9a-z]{4,40}$/;

function pathOf({ stores }: Pick<EngineContext, 'stores'>, run: string): string | undefined {
  return runName.test(run) ? join(stores.dataFolder, 'runs', run, 'run.log') : undefined;
}

export function hasRunLog(context: Pick<EngineContext, 'stores'>, run: string): boolean {
  const path = pathOf(context, run);
  return path !== undefined && existsSync(path);
}

export interface RunLogPart {
  readonly run: string;
  readonly text: string;
  /** Where the next part begins, in bytes. */
  readonly next: number;
  /** How long the log is by now. */
  readonly size: number;
}

/**
 * A part of a run's log, whole lines wherever they fit. What it says was redacted when it was written. Logs lie on the machine
 * that ran, and with the ledger where that is elsewhere: see `reported-log.ts`. @throws KARMA_NOT_FOUND
 */
export function readRunLog(
  context: Pick<EngineContext, 'stores'>,
  run: string,
  { from, most }: { readonly from: number; readonly most: number },
): RunLogPart {
  const path = pathOf(context, run);
  if (path === undefined || !existsSync(path))
    throw new KarmaError('KARMA_NOT_FOUND', `there is no log of a run \`${run}\``, {
      hint: 'logs lie in the data folder of the machine that ran; a worker tells of them where the ledger is elsewhere',
    });
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.max(0, Math.min(most, size - from)));
    const read = readSync(file, bytes, 0, bytes.length, from);
    const isEnd = from + read >= size;
    // A part that ends within a line may end within a character.
    const end = isEnd ? read : wholeLines(bytes, read);
    return { run, text: bytes.toString('utf8', 0, end), next: Math.min(from, size) + end, size };
  } finally {
    closeSync(file);
  }
}

function wholeLines(bytes: Buffer, read: number): number {
  const end = bytes.lastIndexOf(0x0a, read - 1);
  return end < 0 ? read : end + 1;
}
