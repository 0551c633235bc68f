import { closeSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { noState, type StateMark } from '../model/record.ts';
import type { RunJob } from './port.ts';
import { stateFileOf } from './workplace.ts';

/** Terraform writes version, serial and lineage before everything else. In bytes. */
const headSize = 4096;

/** The mark of a state in a file, whatever its size; undefined when the file cannot be read or is no state. */
export function markOfFile(file: string): StateMark | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(file, 'r');
    const head = Buffer.alloc(headSize);
    return markOfText(head.toString('utf8', 0, readSync(handle, head, 0, headSize, 0)));
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? noState : undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** The mark of what `state pull` prints; nothing at all where there is no state yet. */
export function markOfText(text: string): StateMark | undefined {
  if (text.trim() === '') return noState;
  const serial = /"serial"\s*:\s*(\d+)/.exec(text)?.[1];
  const lineage = /"lineage"\s*:\s*"([^"\\]*)"/.exec(text)?.[1];
  return serial === undefined || lineage === undefined ? undefined : { serial: Number(serial), lineage };
}

export function isEqualMark(one: StateMark | undefined, other: StateMark | undefined): boolean {
  return one !== undefined && one.serial === other?.serial && one.lineage === other.lineage;
}

/** The local file of a job's state, where it lies in one. */
export function localStateOf(
  job: Pick<RunJob, 'folder' | 'state' | 'workspace' | 'backendConfig'>,
): string | undefined {
  const file = stateFileOf({ ...job, dataFolder: '', init: false });
  return file === undefined ? undefined : resolve(job.folder, file);
}
