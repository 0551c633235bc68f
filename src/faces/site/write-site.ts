import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KarmaError } from '../../model/errors.ts';
import type { Snapshot } from './snapshot.ts';

const indexFile = 'snapshot.json';
const packFolder = 'answers';

export interface WrittenSite {
  readonly files: number;
  readonly bytes: number;
  /** Whether the pages lie beside the answers. */
  readonly pages: boolean;
}

/**
 * Writes a snapshot, and the pages that read from it where they were built. Names of files are numbers, so that no id makes
 * one. What an earlier export left is replaced; a folder that holds anything else is left alone.
 *
 * @throws KARMA_REFUSED
 */
export function writeSite(folder: string, { index, packs }: Snapshot, web: string | undefined): WrittenSite {
  try {
    return written(folder, { index, packs }, web);
  } catch (cause) {
    if (cause instanceof KarmaError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new KarmaError('KARMA_UNREADABLE', `the site cannot be written to ${folder} (${code})`, {
      hint: 'name a folder that is empty, and that you may write to',
      details: { folder },
      cause,
    });
  }
}

function written(folder: string, { index, packs }: Snapshot, web: string | undefined): WrittenSite {
  if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(join(folder, indexFile)))
    throw new KarmaError('KARMA_REFUSED', `${folder} holds something else`, {
      hint: 'name a folder that is empty, or that an earlier export wrote',
    });
  // What stands there may be links: it is taken away, never written through.
  const names = web === undefined ? [] : readdirSync(web);
  for (const name of [packFolder, indexFile, 'index.html', 'assets', ...names])
    rmSync(join(folder, name), { recursive: true, force: true });
  mkdirSync(join(folder, packFolder), { recursive: true });
  if (web !== undefined) {
    cpSync(web, folder, { recursive: true, filter: (from) => !from.endsWith('.map') });
    writeFileSync(join(folder, 'index.html'), readsSnapshot(readFileSync(join(web, 'index.html'), 'utf8')));
  }
  // Not under a name that web servers take for a compressed file and unpack by themselves.
  for (const [number, pack] of packs.entries()) writeFileSync(join(folder, packFolder, `${number}.pack`), pack);
  writeFileSync(join(folder, indexFile), `${JSON.stringify(index)}\n`);
  return { ...sizeOf(folder), pages: web !== undefined };
}

/** The page looks for this before it asks a service. */
function readsSnapshot(page: string): string {
  return page.replace('</head>', `  <meta name="karma-snapshot" content="./${indexFile}" />\n  </head>`);
}

function sizeOf(folder: string): Pick<WrittenSite, 'files' | 'bytes'> {
  let [files, bytes] = [0, 0];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    files++;
    bytes += readFileSync(join(entry.parentPath, entry.name)).length;
  }
  return { files, bytes };
}
