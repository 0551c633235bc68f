import { KarmaError } from '../../model/errors.ts';

/** SQLite's primary result codes that a person can do something about; the low byte of the extended ones. */
const code = {
  error: 1,
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADb: 26,
};

/** Turns what SQLite says into an error a person can act on; what is not SQLite's passes through as it is. */
export function sqliteTrouble(error: unknown, file: string): unknown {
  const primary = resultCode(error);
  if (primary === undefined) return error;
  const said = error instanceof Error ? error.message : String(error);
  const details = { file, sqlite: primary };
  // What is asked never changes: where SQLite does not understand it, tables are missing or are others.
  if (primary === code.corrupt || primary === code.notADb || primary === code.error) {
    return new KarmaError('KARMA_DATA_CORRUPT', `${file} is no sound database: ${said}`, {
      hint: file.endsWith('graph.db')
        ? '`karma store rebuild` makes it again from the ledger'
        : 'put back a copy; what was damaged stays as it is, so move it away',
      details,
      cause: error,
    });
  }
  if (primary === code.busy || primary === code.locked) {
    return new KarmaError('KARMA_CONFLICT', `${file} is being written by another process`, {
      hint: 'try again in a moment',
      details,
      cause: error,
    });
  }
  if (primary === code.full || primary === code.readOnly || primary === code.ioError || primary === code.cannotOpen) {
    return new KarmaError('KARMA_DATA_UNWRITABLE', `${file} cannot be written: ${said}`, {
      hint: 'make room or give another folder with --data',
      details,
      cause: error,
    });
  }
  return error;
}

/** The same for the file system's own errors, met while the file is created. */
export function fileTrouble(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  return new KarmaError('KARMA_DATA_UNWRITABLE', `${file} cannot be written: ${error.message}`, {
    hint: 'give a folder that can be written with --data or KARMA_DATA',
    details: { file },
    cause: error,
  });
}

/** The primary code of an error that SQLite raised; undefined for any other. */
export function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}

export function isBusy(error: unknown): boolean {
  const primary = resultCode(error);
  return primary === code.busy || primary === code.locked;
}
