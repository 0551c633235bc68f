import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withoutCredentials } from '../model/without-credentials.ts';
import { makeFolder } from '../observe/make-folder.ts';
import { nameInTheMaking, type Processes } from './in-the-making.ts';
import { FetchTrouble } from './trouble.ts';
import { type UserGitAnswer, userGit } from './user-git.ts';

/** What a mirror holds: branches and tags, and nothing of what Karma or anybody else keeps in it. */
const refs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];

/** A server that stands still is given up; one that is slow is not. No gc goes on after the call. */
const manners = [
  ...['-c', 'http.lowSpeedLimit=1', '-c', 'http.lowSpeedTime=60'],
  ...['-c', 'gc.autoDetach=false', '-c', 'maintenance.autoDetach=false'],
];

export interface Mirrored {
  /** Whether a ref is another one than before. */
  readonly moved: boolean;
}

/**
 * Brings a bare repository to what a remote is now: branches, tags, and which branch HEAD is. What the remote took away goes, and
 * what it rewrote is as it is there. The first time whole or not at all.
 * @throws FetchTrouble with what git said
 */
export async function fetchMirror(
  url: string,
  folder: string,
  { processes, signal }: { readonly processes: Processes; readonly signal?: AbortSignal },
): Promise<Mirrored> {
  if (/^-|[\0\n\r]/.test(url)) throw new FetchTrouble('this is no address of a Git repository');
  if (existsSync(join(folder, 'HEAD'))) return bringUpToDate(url, folder, signal);
  const making = nameInTheMaking(folder, processes);
  rmSync(making, { recursive: true, force: true });
  makeFolder(making);
  try {
    mustWork(await userGit(making, ['init', '-q', '--bare', making], calling(signal)));
    // For who looks into it, and so that it is known by its address: a password in that stays out of every file.
    mustWork(await userGit(making, ['config', 'remote.origin.url', withoutCredentials(url)], calling(signal)));
    await bringUpToDate(url, making, signal);
    makeFolder(dirname(folder));
    renameSync(making, folder);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return { moved: true };
}

async function bringUpToDate(url: string, folder: string, signal: AbortSignal | undefined): Promise<Mirrored> {
  const before = await refsIn(folder, signal);
  const fetched = ['fetch', '-q', '--prune', '--force', '--no-write-fetch-head', '--end-of-options', url, ...refs];
  mustWork(await userGit(folder, [...manners, ...fetched], calling(signal)));
  const head = mustWork(
    await userGit(folder, [...manners, 'ls-remote', '--symref', '--end-of-options', url, 'HEAD'], calling(signal)),
  );
  const branch = /^ref: (refs\/heads\/\S+)\tHEAD$/m.exec(head)?.[1];
  if (branch !== undefined) mustWork(await userGit(folder, ['symbolic-ref', 'HEAD', branch], calling(signal)));
  return { moved: (await refsIn(folder, signal)) !== before };
}

/** Every ref with what it means, as one text. */
async function refsIn(folder: string, signal: AbortSignal | undefined): Promise<string> {
  const form = ['for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads', 'refs/tags'];
  const listed = await userGit(folder, form, calling(signal));
  const head = await userGit(folder, ['symbolic-ref', '-q', 'HEAD'], calling(signal));
  return mustWork(listed) + head.stdout.toString();
}

/** What no server takes for all of a repository: over ssh and git nobody else tells one that stands still. In milliseconds. */
const longest = 60 * 60_000;

function calling(signal: AbortSignal | undefined): { readonly signal: AbortSignal } {
  const patience = AbortSignal.timeout(longest);
  return { signal: signal === undefined ? patience : AbortSignal.any([signal, patience]) };
}

/** The line that says why, without an address: that may hold a password. */
function mustWork({ code, stdout, stderr }: UserGitAnswer): string {
  if (code === 0) return stdout.toString();
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const said = lines.find((line) => /^(?:fatal|error|ssh|remote):/i.test(line)) ?? lines[0] ?? 'nothing';
  throw new FetchTrouble(`git said: ${withoutCredentials(said).slice(0, 300)}`);
}
