import type { EstateRoot } from '../estate/estate-root.ts';
import { type OutsideWord, outsideWord } from '../estate/outside.ts';
import { type GitPlace, gitSync, succeeded } from './git-process.ts';

/** Settings that name a program which Git starts on its way to a remote. */
const starts =
  /^(?:core\.(?:sshcommand|askpass|gitproxy|alternaterefscommand)|credential\.(?:.*\.)?helper|remote\..*\.(?:uploadpack|receivepack|vcs)|gpg\.(?:.*\.)?program)$/;
/** A helper of Git's own, by its name. Anything else goes through a shell. */
const ownHelper = /^[A-Za-z][\w-]*(?: --?[\w=.:/-]+)*$/;

/**
 * The programs that a repository's own settings name for whoever fetches or pushes. Settings of the person and of the machine are
 * theirs; those in a `.git` may have come with a folder that somebody else handed over.
 */
export function programsNamed(place: GitPlace): readonly OutsideWord[] {
  const listed = succeeded(place, gitSync(place, ['config', '--list', '--show-scope', '--includes', '-z'])).toString();
  const fields = listed.split('\0');
  const words: OutsideWord[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [scope, entry = ''] = [fields[at], fields[at + 1]];
    const end = entry.indexOf('\n');
    const [key, value] = end < 0 ? [entry, ''] : [entry.slice(0, end), entry.slice(end + 1)];
    if (scope !== 'local' && scope !== 'worktree') continue;
    if (!starts.test(key) || value === '' || (key.endsWith('.helper') && ownHelper.test(value))) continue;
    words.push(outsideWord(`git.${key}`, value));
  }
  return words;
}

/** Of an estate that is shared with others: nobody else's Git goes over the network. */
export function programsOf({ karmaFile, repository }: EstateRoot): readonly OutsideWord[] {
  if (karmaFile?.publish === undefined || repository === undefined) return [];
  return programsNamed({ root: repository.commonDir, bare: true });
}
