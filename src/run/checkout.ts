import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { KarmaError } from '../model/errors.ts';

/**
 * A commit's files in a folder of Karma's own, so that a run sees exactly that commit, with everything its modules reach by
 * `../`, and the folder people work in stays untouched. One per deploy and commit; Git's own `read-tree` and
 * `checkout-index` write it, with an index of its own: `git archive` would leave out what `.gitattributes` says.
 */
export interface CheckoutOptions {
  /** The repository's Git directory. */
  readonly gitDir: string;
  readonly commit: string;
  /** Where the files go; removed and made anew unless it already holds this commit for this deploy. */
  readonly into: string;
  /** Names the deploy, so that a resumed one finds its own checkout again. */
  readonly deploy: string;
  /** Ignored files that the modules need all the same, as `karma.yaml` names them, relative to the work tree. */
  readonly ignored?: readonly string[];
  readonly workTree?: string;
}

const run = promisify(execFile);

export async function checkoutCommit(options: CheckoutOptions): Promise<string> {
  const stamp = `${options.commit} ${options.deploy}\n`;
  const stampFile = `${options.into}.commit`;
  if (existsSync(options.into) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp)
    return options.into;
  rmSync(stampFile, { force: true });
  rmSync(options.into, { recursive: true, force: true });
  const draft = `${options.into}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  const index = `${options.into}.index`;
  try {
    await git(options, draft, index, ['read-tree', options.commit]);
    await git(options, draft, index, ['checkout-index', '--all', '--force', '--quiet']);
  } finally {
    rmSync(index, { force: true });
  }
  copyIgnored(options, draft);
  renameSync(draft, options.into);
  writeFileSync(stampFile, stamp);
  return options.into;
}

async function git(options: CheckoutOptions, workTree: string, index: string, args: readonly string[]): Promise<void> {
  const safe = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'core.sparseCheckout=false'];
  try {
    await run('git', [...safe, `--git-dir=${options.gitDir}`, `--work-tree=${workTree}`, ...args], {
      cwd: workTree,
      env: { ...process.env, GIT_INDEX_FILE: index, GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0' },
    });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n')[0] : '';
    throw new KarmaError('KARMA_GIT', `git ${args[0]} failed for ${options.commit.slice(0, 12)}: ${said}`, {
      cause: error,
    });
  }
}

function copyIgnored(options: CheckoutOptions, into: string): void {
  for (const path of options.ignored ?? []) {
    const inside = normalize(path);
    if (isAbsolute(inside) || inside.startsWith('..')) {
      throw new KarmaError('KARMA_CONFIG_INVALID', `the ignored input ${path} lies outside the repository`);
    }
    const from = options.workTree === undefined ? undefined : join(options.workTree, inside);
    if (from === undefined || !existsSync(from)) {
      throw new KarmaError('KARMA_NOT_FOUND', `the ignored input ${path} is not there`, {
        hint: 'karma.yaml names it as an input of the modules',
      });
    }
    mkdirSync(dirname(join(into, inside)), { recursive: true });
    copyFileSync(from, join(into, inside));
  }
}

export function removeCheckout(into: string): void {
  rmSync(`${into}.commit`, { force: true });
  rmSync(into, { recursive: true, force: true });
}
