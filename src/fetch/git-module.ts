import { withoutCredentials } from '../model/without-credentials.ts';
import { makeFolder } from '../observe/make-folder.ts';
import { FetchTrouble } from './trouble.ts';
import { userGit } from './user-git.ts';

/**
 * Brings one ref of a Git repository into a bare one: a tag before a branch, as Terraform's own checkout would, or a commit.
 * Only that commit where the server lets it be asked for, else all. Answers the commit.
 * @param into a folder; made where it is not there
 * @throws FetchTrouble with what git said
 */
export async function fetchGitModule(
  { url, ref }: { readonly url: string; readonly ref: string },
  into: string,
  signal?: AbortSignal,
): Promise<string> {
  if (/^[-^]|\.\.|[\0\n\r~:@{ ]/.test(ref)) throw new FetchTrouble(`\`${ref}\` is no ref of a Git repository`);
  if (/^-|[\0\n\r]/.test(url)) throw new FetchTrouble(`\`${url}\` is no address of a Git repository`);
  makeFolder(into);
  const call = signal === undefined ? {} : { signal };
  await userGit(into, ['init', '-q', '--bare', into], call);
  const kept = 'refs/karma/fetched';
  const wanted = ref === '' ? ['HEAD'] : [`refs/tags/${ref}`, `refs/heads/${ref}`, ...(isCommit(ref) ? [ref] : [])];
  let said = '';
  for (const one of wanted) {
    const answer = await userGit(
      into,
      ['fetch', '-q', '--no-tags', '--depth', '1', '--force', '--end-of-options', url, `${one}:${kept}`],
      call,
    );
    if (answer.code === 0) return commitOf(into, kept);
    said = answer.stderr;
    if (!/couldn't find remote ref|not our ref|unadvertised|no such ref/i.test(said)) break;
  }
  if (isCommit(ref)) {
    // A server that hands out no single commits, or a commit written short: all of it, then.
    const all = ['fetch', '-q', '--no-tags', '--force', '--end-of-options', url, '+refs/*:refs/karma/all/*'];
    const answer = await userGit(into, all, call);
    if (answer.code === 0) return commitOf(into, ref);
    said = answer.stderr;
  }
  throw new FetchTrouble(saidBy(said, ref));
}

function isCommit(ref: string): boolean {
  return /^[0-9a-f]{7,64}$/.test(ref);
}

async function commitOf(folder: string, name: string): Promise<string> {
  const answer = await userGit(folder, ['rev-parse', '--verify', '-q', '--end-of-options', `${name}^{commit}`]);
  const commit = answer.stdout.toString().trim();
  if (answer.code !== 0 || !/^[0-9a-f]{40,64}$/.test(commit)) throw new FetchTrouble(`it has no commit \`${name}\``);
  return commit;
}

/** The line that says why, without an address: that may hold a password. */
function saidBy(stderr: string, ref: string): string {
  if (/couldn't find remote ref/i.test(stderr)) return `it has no tag and no branch \`${ref}\``;
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const said = lines.find((line) => /^(?:fatal|error|ssh|remote):/i.test(line)) ?? lines[0] ?? 'nothing';
  return `git said: ${withoutCredentials(said).slice(0, 300)}`;
}
