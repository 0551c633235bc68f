import { createHmac, randomBytes } from 'node:crypto';
import { linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sha256 } from '../model/digest.ts';
import { KarmaError } from '../model/errors.ts';
import { makeFolder } from './make-folder.ts';
import { fileTrouble } from './sqlite/trouble.ts';

/**
 * The estate's key: it digests secrets, so that equality can be seen and nothing else. Digests under different key ids
 * compare as unknown, never as changed.
 */
export interface EstateKey {
  /** Eight hex digits; says which key, and nothing about it. */
  readonly id: string;
  /** HMAC-SHA256 in hex, prefixed with the key's id and a colon. */
  digest(secret: string): string;
}

export function estateKey(secret: Uint8Array): EstateKey {
  const id = sha256(`karma estate key\n${Buffer.from(secret).toString('hex')}`).slice(0, 8);
  return { id, digest: (value) => `${id}:${createHmac('sha256', secret).update(value).digest('hex')}` };
}

/**
 * The digest of a secret that was not decrypted: of its ciphertext. Its key id is its own, so that only the same ciphertext
 * compares as equal, and another one as unknown.
 */
export function sealedDigest(ciphertext: string): string {
  const digest = sha256(ciphertext);
  return `sealed-${digest.slice(0, 8)}:${digest}`;
}

/** 64 hex digits as a key; undefined when it is something else. For keys that come from the environment. */
export function readEstateKey(text: string): EstateKey | undefined {
  return /^[0-9a-f]{64}$/i.test(text.trim()) ? estateKey(Buffer.from(text.trim(), 'hex')) : undefined;
}

/** The key beside the ledger, when it was ever made; a question makes none. */
export function findEstateKey(file: string): EstateKey | undefined {
  const there = readKey(file);
  return there === undefined ? undefined : estateKey(there);
}

/** Reads the key beside the ledger, or makes it (0600): of several processes that try at once, one makes it for all. */
export function openEstateKey(file: string, random: (size: number) => Uint8Array = randomBytes): EstateKey {
  const there = readKey(file);
  if (there !== undefined) return estateKey(there);
  const draft = `${file}.${process.pid}.${Buffer.from(random(4)).toString('hex')}`;
  try {
    makeFolder(dirname(file));
    writeFileSync(draft, `${Buffer.from(random(32)).toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true });
    publish(draft, file);
  } catch (error) {
    throw fileTrouble(error, file);
  }
  const made = readKey(file);
  if (made === undefined) throw new KarmaError('KARMA_DATA_UNWRITABLE', `${file} was removed while it was made`);
  return estateKey(made);
}

/** A link either names a whole file or fails: nobody reads half a key. */
function publish(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    unlinkSync(draft);
  }
}

function readKey(file: string): Uint8Array | undefined {
  let content: string;
  try {
    content = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new KarmaError('KARMA_UNREADABLE', `the estate's key ${file} cannot be read (${code})`, {
      hint: 'let whoever runs Karma read it, or name another data folder: `--data FOLDER` or KARMA_DATA',
      cause: error,
    });
  }
  if (!/^[0-9a-f]{64}$/.test(content)) {
    throw new KarmaError('KARMA_DATA_CORRUPT', `the estate's key ${file} does not hold 64 hex digits`, {
      hint: 'put back a copy of it; with a new key, secrets compare as unknown until the next run',
    });
  }
  return Buffer.from(content, 'hex');
}
