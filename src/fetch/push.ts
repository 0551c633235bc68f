import { KarmaError } from '../model/errors.ts';
import type { RemoteBranches } from '../model/remote-branches.ts';
import { hideInText } from '../model/secrets/text.ts';
import type { Trust } from '../observe/estate/trust.ts';
import { programsNamed } from '../observe/git/git-programs.ts';
import { userGit } from './user-git.ts';

/** By the person's own git, which starts no program that they do not trust. */
export const remoteBranches = (trust: Trust): RemoteBranches => ({
  fetch: async (gitDir, remote, branch) => {
    await mustBeKnown(gitDir, remote, trust);
    const spec = `+refs/heads/${branch}:refs/remotes/${remote}/${branch}`;
    const fetch = () => userGit(gitDir, ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', remote, spec]);
    let fetched = await fetch();
    // Two fetches at once: one holds the ref while the other is written.
    for (let tries = 0; fetched.code !== 0 && tries < 5 && /cannot lock ref/.test(fetched.stderr); tries++)
      fetched = await fetch();
    if (fetched.code !== 0) {
      if (/couldn't find remote ref/.test(fetched.stderr)) return undefined;
      throw unreachable(remote, fetched.stderr);
    }
    const found = await userGit(gitDir, ['rev-parse', '--verify', `refs/remotes/${remote}/${branch}^{commit}`]);
    return found.stdout.toString().trim();
  },
  push: async (gitDir, remote, commit, branch, how) => {
    await mustBeKnown(gitDir, remote, trust);
    const flags = ['--porcelain', '--no-verify', '--no-follow-tags', '--recurse-submodules=no'];
    const pushed = await userGit(gitDir, [
      'push',
      ...flags,
      remote,
      `${how?.anew === true ? '+' : ''}${commit}:refs/heads/${branch}`,
    ]);
    if (pushed.code === 0) return { is: 'pushed' };
    const said =
      pushed.stdout
        .toString()
        .split('\n')
        .find((line) => line.startsWith('!')) ?? '';
    if (/\[rejected\]|fetch first|non-fast-forward|stale info/.test(said)) return { is: 'moved' };
    // The remote answered, and does not want it; anything else may be the way there.
    if (/\[remote rejected\]/.test(said)) {
      // Two pushes at once: one holds the ref while the other is written.
      if (/cannot lock ref|failed to update ref|reference already exists/.test(said)) return { is: 'moved' };
      return { is: 'denied', said: wordsOf(said, pushed.stderr) };
    }
    throw unreachable(remote, pushed.stderr);
  },
});

/** An estate names a remote, and never an address: where that leads, the person's own settings say. */
async function mustBeKnown(gitDir: string, remote: string, trust: Trust): Promise<void> {
  const isName = /^[A-Za-z0-9][\w.-]*$/.test(remote);
  const known = isName ? await userGit(gitDir, ['config', '--get', `remote.${remote}.url`]) : undefined;
  if (known?.code === 0) return mustBeTrusted(gitDir, remote, trust);
  throw new KarmaError('KARMA_NOT_CONFIGURED', `Git knows no remote ${JSON.stringify(remote)} here`, {
    hint: 'karma.yaml names it (`publish:`); `git remote add` says where it is',
  });
}

function mustBeTrusted(gitDir: string, remote: string, trust: Trust): void {
  const word = programsNamed({ root: gitDir, bare: true }).find((one) => !trust.has(one));
  if (word === undefined) return;
  throw new KarmaError('KARMA_REFUSED', `on the way to ${remote} Git would start what ${word.key.slice(4)} names`, {
    hint: `it stands in the settings of this repository, and nobody on this machine trusts it: \`karma trust\`, or KARMA_TRUST=${word.digest.slice(0, 16)}`,
    details: { key: word.key, file: `${gitDir}/config` },
  });
}

function unreachable(remote: string, stderr: string): KarmaError {
  return new KarmaError('KARMA_UPSTREAM', `${remote} cannot be reached: ${lastLine(stderr)}`, {
    hint: '`git fetch` shows the same; nothing was changed',
  });
}

function wordsOf(said: string, stderr: string): string {
  const remote = stderr
    .split('\n')
    .filter((line) => line.startsWith('remote: '))
    .map((line) => line.slice('remote: '.length).trim())
    .filter(Boolean);
  const reason = /\[remote rejected\] \((.*)\)\s*$/.exec(said)?.[1] ?? said;
  return hideInText([reason, ...remote].join('; ')).slice(0, 500);
}

function lastLine(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const said = lines.find((line) => /^(?:fatal|error):/.test(line)) ?? lines.at(-1) ?? 'git said nothing';
  return hideInText(said).slice(0, 300);
}
