import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { unpackTar } from 'modern-tar';
import { getBytes, type HttpOptions, shown } from './http.ts';
import type { TreeFile } from './import-tree.ts';
import { FetchTrouble } from './trouble.ts';

/** Unpacked, and how many files: an archive is somebody's claim. */
const largestTree = 512 * 1024 * 1024;
const mostFiles = 50_000;

export interface Archive {
  /** SHA-256 of the bytes that came. */
  readonly checksum: string;
  /** Sorted by path. Links are left out: they lead where the archive says. */
  readonly files: readonly TreeFile[];
}

/**
 * Fetches and unpacks a zip or tar.gz, as go-getter tells them apart: by `archive=`, else by name. A `checksum=` of the source
 * must hold.
 * @throws FetchTrouble
 */
export async function fetchArchive(source: string, options: HttpOptions): Promise<Archive> {
  const url = addressOf(source);
  const kind = url.searchParams.get('archive') ?? kindByName(url.pathname);
  const expected = url.searchParams.get('checksum');
  for (const name of ['archive', 'checksum']) url.searchParams.delete(name);
  if (kind === undefined) throw new FetchTrouble(`${shown(url)} is no archive that can be read here (zip, tar.gz)`);
  const bytes = await getBytes(url, options);
  const checksum = createHash('sha256').update(bytes).digest('hex');
  const [, wanted] = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(expected ?? '') ?? [];
  if (expected !== null && wanted === undefined)
    throw new FetchTrouble('its checksum is of a kind that is not checked here (sha256)');
  if (wanted !== undefined && wanted.toLowerCase() !== checksum)
    throw new FetchTrouble(`${shown(url)} has another checksum than its source says`);
  return { checksum, files: await filesIn(bytes, kind, shown(url)) };
}

function addressOf(source: string): URL {
  try {
    const url = new URL(source);
    if (url.protocol === 'https:' || url.protocol === 'http:') return url;
  } catch {
    // Told below.
  }
  throw new FetchTrouble('its source is of a kind that is not fetched (git, a registry, an archive over https)');
}

function kindByName(path: string): string | undefined {
  return /\.(zip|tar\.gz|tgz)$/i.exec(path)?.[1]?.toLowerCase();
}

async function filesIn(bytes: Uint8Array, kind: string, place: string): Promise<TreeFile[]> {
  try {
    const files = kind === 'zip' ? ofZip(bytes) : kind === 'tar.gz' || kind === 'tgz' ? await ofTar(bytes) : undefined;
    if (files === undefined) throw new FetchTrouble(`\`archive=${kind}\` is not read here (zip, tar.gz)`);
    return checked(files);
  } catch (error) {
    if (error instanceof FetchTrouble) throw error;
    throw new FetchTrouble(`${place} does not unpack: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function ofZip(bytes: Uint8Array): TreeFile[] {
  let size = 0;
  let count = 0;
  const entries = unzipSync(bytes, {
    filter: ({ originalSize }) => {
      size += originalSize;
      count += 1;
      if (size > largestTree || count > mostFiles) throw new FetchTrouble('it unpacks to more than a module is');
      return true;
    },
  });
  return Object.entries(entries)
    .filter(([path]) => !path.endsWith('/'))
    .map(([path, content]) => ({ path, content }));
}

async function ofTar(bytes: Uint8Array): Promise<TreeFile[]> {
  const entries = await unpackTar(gunzipSync(bytes, { maxOutputLength: largestTree }));
  return entries
    .filter(({ header }) => header.type === undefined || header.type === 'file')
    .map(({ header, data }) => ({ path: header.name, content: data ?? new Uint8Array() }));
}

/** Paths stay inside, and none is Git's own. */
function checked(files: readonly TreeFile[]): TreeFile[] {
  if (files.length > mostFiles) throw new FetchTrouble('it holds more files than a module does');
  const clean = files.map(({ path, content }) => ({ path: path.replace(/^(?:\.\/)+/, ''), content }));
  for (const { path } of clean)
    if (path === '' || path.startsWith('/') || /[\0\n\\"]/.test(path) || path.split('/').some((step) => odd(step)))
      throw new FetchTrouble(`it holds a file that would lie outside of it: ${path.slice(0, 80)}`);
  return clean.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function odd(step: string): boolean {
  return step === '' || step === '.' || step === '..' || step.toLowerCase() === '.git';
}
