import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { KarmaError } from '../../model/errors.ts';
import type { Environment } from '../../model/file-view.ts';
import { makeFolder } from '../make-folder.ts';
import type { OutsideWord } from './outside.ts';

/**
 * What the person on this machine trusts, by digest. It is kept with the person's settings, where no estate reaches; a machine
 * without a person, as in CI, says it by `KARMA_TRUST`: `all`, or digests as `karma trust` prints them.
 */
export interface Trust {
  has(word: OutsideWord): boolean;
}

/** One who named the file by hand has said so of what stands in it. */
export const trustsAll: Trust = { has: () => true };

export function readTrust(environment: Environment): Trust {
  const said = (environment['KARMA_TRUST'] ?? '').split(/[\s,]+/).filter(Boolean);
  if (said.includes('all')) return trustsAll;
  let kept: ReadonlySet<string> | undefined;
  return {
    has: ({ digest }) => {
      if (said.some((one) => one.length >= 12 && digest.startsWith(one))) return true;
      kept ??= new Set(linesOf(trustFile(environment)).map((line) => line.split(' ')[0] ?? ''));
      return kept.has(digest);
    },
  };
}

/** Adds to what is trusted. A line a word; what stands behind the digest is for people. @throws KARMA_DATA_UNWRITABLE */
export function keepTrust(environment: Environment, words: readonly OutsideWord[], at: string): string {
  const file = trustFile(environment);
  const known = linesOf(file);
  const lines = words.map(({ digest, key, place }) => `${digest} ${at} ${JSON.stringify([key, place])}`);
  write(file, [...known.filter((line) => !words.some(({ digest }) => line.startsWith(digest))), ...lines]);
  return file;
}

/** Takes trust back. */
export function dropTrust(environment: Environment, words: readonly OutsideWord[]): string {
  const file = trustFile(environment);
  write(
    file,
    linesOf(file).filter((line) => !words.some(({ digest }) => line.startsWith(digest))),
  );
  return file;
}

function trustFile(environment: Environment): string {
  const base = environment['XDG_CONFIG_HOME'];
  const settings = base !== undefined && isAbsolute(base) ? base : join(environment['HOME'] || homedir(), '.config');
  return join(settings, 'karma', 'trusted');
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

function write(file: string, lines: readonly string[]): void {
  try {
    makeFolder(dirname(file));
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
    renameSync(draft, file);
  } catch (cause) {
    throw new KarmaError('KARMA_DATA_UNWRITABLE', `${file} cannot be written`, {
      hint: 'say it by the environment instead: KARMA_TRUST=all, or the digests',
      details: { file },
      cause,
    });
  }
}
