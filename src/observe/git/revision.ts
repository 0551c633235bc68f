import { KarmaError } from '../../model/errors.ts';
import { nearest } from '../../model/nearest.ts';
import { shellWord } from '../../model/quote.ts';
import { branchCommit } from './branch-ref.ts';
import { type GitAnswer, gitAsync, gitError, succeeded } from './git-process.ts';
import { emptyTree, isObjectId, isPartial, isShallow, type Repository, readHead } from './git-repository.ts';

/** A commit that a person named, and its tree. */
export interface Revision {
  /** As it was asked for: `main~3`, `HEAD`, `2026-10-01`. */
  readonly name: string;
  /** Undefined only for HEAD of a repository that has no commit yet. */
  readonly commit: string | undefined;
  readonly tree: string;
}

/** `A..B` or `A...B`. With three dots `from` is the merge base. An empty right side means the work tree: `to` is undefined. */
export interface RevisionRange {
  readonly from: Revision;
  readonly to: Revision | undefined;
}

/** A day, optionally with a time; without a zone it is this machine's, as for git. */
const dateForm = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * What a revision names: HEAD, a branch, a tag, `main~3`, an abbreviated id; else, where the text is a date, the newest
 * commit of HEAD's first-parent line that was committed by the end of it.
 * @throws KARMA_NO_SUCH_REVISION with the nearest names, KARMA_SHALLOW where the clone stops before it
 */
export async function resolveRevision(repository: Repository, name: string): Promise<Revision> {
  const text = name.trim();
  if (text === 'HEAD' || text === '') return headRevision(repository);
  const id = isObjectId(text) ? text : repository.resident && branchCommit(repository, text);
  const resident = id === undefined ? undefined : residentRevision(repository, text, id);
  if (resident !== undefined) return resident;
  // An option, an exclusion, a range or a control character is no name of a commit.
  if (/^[-^]|\.\.|[\0\n\r]/.test(text)) throw noSuchRevision(text, []);
  const answer = await askCommit(repository, text);
  if (answer.code === 0 && answer.stdout.length > 0) return revisionFrom(text, answer);
  if (/dubious ownership|Permission denied/i.test(answer.stderr)) throw gitError(repository, answer.stderr);
  if (dateForm.test(text)) return revisionByDate(repository, text);
  throw await explainMissing(repository, text);
}

async function headRevision(repository: Repository): Promise<Revision> {
  const { commit } = readHead(repository);
  if (commit === undefined) return { name: 'HEAD', commit, tree: emptyTree(repository) };
  const resident = residentRevision(repository, 'HEAD', commit);
  return resident ?? revisionFrom('HEAD', checked(repository, await askCommit(repository, commit)));
}

/** A commit by its whole id, where git need not be asked. */
function residentRevision({ resident }: Repository, name: string, commit: string): Revision | undefined {
  const tree = resident?.commit(commit)?.tree;
  return tree === undefined ? undefined : { name, commit, tree };
}

function checked(repository: Repository, answer: GitAnswer): GitAnswer {
  succeeded(repository, answer);
  return answer;
}

/** Commit and tree in one process: `log` peels tags, and takes no path because of the `--`. */
function askCommit(repository: Repository, text: string): Promise<GitAnswer> {
  return gitAsync(repository, ['log', '-1', '--no-color', '--no-patch', '--format=%H%n%T', text, '--']);
}

function revisionFrom(name: string, answer: GitAnswer): Revision {
  const [commit, tree = ''] = answer.stdout.toString().trim().split('\n');
  return { name, commit, tree };
}

async function revisionByDate(repository: Repository, date: string): Promise<Revision> {
  if (readHead(repository).commit === undefined) throw noSuchRevision(date, []);
  // A day means all of it; git would take the current time of that day.
  const until = date.length === 10 ? `${date} 23:59:59` : date;
  const list = await gitAsync(repository, ['rev-list', '-1', '--first-parent', `--before=${until}`, 'HEAD']);
  const commit = succeeded(repository, list).toString().trim();
  if (commit !== '') return revisionFrom(date, checked(repository, await askCommit(repository, commit)));
  if (isShallow(repository)) throw tooShallow(repository, date);
  throw new KarmaError('KARMA_NO_SUCH_REVISION', `no commit is as old as ${date}`, {
    hint: 'name a later date, or a revision: `git log --reverse` shows the first commit',
    details: { revision: date },
  });
}

/** Splits `A..B`, `A...B`, `A..`; undefined when the text is no range. `..` inside a name cannot be: git forbids it. */
export function splitRange(text: string): { from: string; to: string | undefined; mergeBase: boolean } | undefined {
  const found = /^(.*?)(\.{2,3})(.*)$/.exec(text.trim());
  if (found === null) return undefined;
  const [, from = '', dots, to = ''] = found;
  return { from: from || 'HEAD', to: to || undefined, mergeBase: dots === '...' };
}

/** @throws KARMA_UNRELATED when `A...B` share no history */
export async function resolveRange(repository: Repository, text: string): Promise<RevisionRange> {
  const range = splitRange(text) ?? { from: text, to: undefined, mergeBase: false };
  const [from, to] = await Promise.all([
    resolveRevision(repository, range.from),
    range.to === undefined ? undefined : resolveRevision(repository, range.to),
  ]);
  if (!range.mergeBase) return { from, to };
  const other = to ?? (await resolveRevision(repository, 'HEAD'));
  return { from: await mergeBase(repository, from, other), to };
}

/** The best common ancestor of two revisions. */
export async function mergeBase(repository: Repository, a: Revision, b: Revision): Promise<Revision> {
  if (a.commit === undefined || b.commit === undefined) return a.commit === undefined ? a : b;
  const answer = await gitAsync(repository, ['merge-base', a.commit, b.commit]);
  if (answer.code === 0) {
    const commit = answer.stdout.toString().trim().split('\n')[0] ?? '';
    return revisionFrom(`${a.name}...${b.name}`, checked(repository, await askCommit(repository, commit)));
  }
  if (answer.code > 1) throw gitError(repository, answer.stderr);
  if (isShallow(repository)) throw tooShallow(repository, `the common ancestor of ${a.name} and ${b.name}`);
  throw new KarmaError('KARMA_UNRELATED', `${a.name} and ${b.name} share no history`, {
    hint: `compare them directly: \`${a.name}..${b.name}\``,
    details: { from: a.name, to: b.name },
  });
}

async function explainMissing(repository: Repository, text: string): Promise<KarmaError> {
  const base = /^(.*?)(?:[~^@:].*)?$/.exec(text)?.[1] ?? text;
  const baseExists = base !== text && base !== '' && (await askCommit(repository, base)).code === 0;
  const outOfReach = baseExists || isObjectId(text) || /^[0-9a-f]{7,40}$/.test(text);
  if (outOfReach && isShallow(repository)) return tooShallow(repository, text);
  if (isObjectId(text) && isPartial(repository)) return notFetched(repository, text);
  if (baseExists) {
    return new KarmaError('KARMA_NO_SUCH_REVISION', `${text} is not there: the history of ${base} is shorter`, {
      hint: `\`git log --oneline ${shellWord(base)}\` shows how far it goes`,
      details: { revision: text },
    });
  }
  if (isShallow(repository) && /^[\w./-]+$/.test(base)) return branchNotFetched(repository, base);
  const refs = await gitAsync(repository, ['for-each-ref', '--format=%(refname:short)']);
  const names = refs.stdout.toString().split('\n').filter(Boolean);
  return noSuchRevision(text, nearest(base, names, 3));
}

/** A shallow clone mostly has one branch: the other end of a range has to be fetched by name. */
function branchNotFetched(repository: Repository, name: string): KarmaError {
  const [, branch] = /^origin\/(.+)$/.exec(name) ?? [];
  const refspec = branch === undefined ? `${name}:${name}` : `${branch}:refs/remotes/origin/${branch}`;
  return new KarmaError('KARMA_SHALLOW', `this clone is shallow and holds no ${name}`, {
    hint: `git -C ${shellWord(repository.root)} fetch --unshallow origin ${shellWord(refspec)}`,
    details: { repository: repository.root, revision: name },
  });
}

function noSuchRevision(text: string, near: readonly string[]): KarmaError {
  return new KarmaError('KARMA_NO_SUCH_REVISION', `there is no revision ${JSON.stringify(text)}`, {
    hint:
      near.length > 0
        ? `did you mean ${near.map((name) => `\`${name}\``).join(', ')}?`
        : 'name a branch, a tag, a commit, `HEAD~2` or a date such as `2026-10-01`',
    details: { revision: text, nearest: near },
  });
}

export function tooShallow(repository: Repository, what: string): KarmaError {
  return new KarmaError('KARMA_SHALLOW', `this clone is shallow and does not reach ${what}`, {
    hint: `git -C ${shellWord(repository.root)} fetch --unshallow`,
    details: { repository: repository.root, revision: what },
  });
}

export function notFetched(repository: Repository, what: string): KarmaError {
  return new KarmaError('KARMA_SHALLOW', `this clone is partial and does not hold ${what}`, {
    hint: `git -C ${shellWord(repository.root)} fetch --refetch --no-filter`,
    details: { repository: repository.root, object: what },
  });
}
