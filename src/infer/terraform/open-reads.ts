import type { ClaimBlindSpot, ReadSet } from '../../model/claim.ts';
import { byCodeUnit, digestOf } from '../../model/digest.ts';
import type { Finding } from '../../model/finding.ts';
import type { FileAccount, OpenRead } from './file-account.ts';
import { findingAt } from './findings.ts';

const words: Readonly<Record<OpenRead['code'], (path: string) => string>> = {
  'file-in-part': (path) => `only a run could know which file ${path} is`,
  'file-unknown': (path) =>
    path === '' ? 'only a run could know which file is read' : `only a run could know which file ${path} is`,
  'file-outside': (path) => `${path} is read and is not in the repository`,
};

function wordsOf({ code, path, isIgnored }: OpenRead): string {
  return isIgnored === true ? `${path} is read, and Git ignores it: no commit holds it` : words[code](path);
}

const nothingOpen = { blindSpots: [], findings: [] };

type Account = Pick<FileAccount, 'open'>;

/**
 * What is not known of the files that a component reads, as blind spots and findings of it.
 * @param shared what its module reads whatever it is given: a finding once for all who run it, a blind spot of each
 */
export function openReads(
  component: string,
  accounts: readonly Account[],
  shared?: { readonly account: Account; readonly module: string },
): { readonly blindSpots: readonly ClaimBlindSpot[]; readonly findings: readonly Finding[] } {
  const open = new Map<string, { readonly subject: string; readonly read: OpenRead }>();
  const enter = (subject: string, { open: reads }: Account) => {
    for (const read of reads) {
      const key = `${read.code}\n${read.site}\n${read.path}`;
      if (!open.has(key)) open.set(key, { subject, read });
    }
  };
  if (shared !== undefined) enter(`type ${shared.module}`, shared.account);
  for (const account of accounts) enter(component, account);
  if (open.size === 0) return nothingOpen;
  const all = [...open.values()];
  return {
    blindSpots: all.map(({ read: { code, site, file, line } }) => ({
      component,
      code,
      evidence: { rule: code, site: site === '' ? 'file' : site, ...(file === '' ? {} : { file, line }) },
    })),
    findings: all.map(({ subject, read }) => {
      const { code, path, site, file, line } = read;
      return findingAt(code, subject, `${site} ${path}`, wordsOf(read), {
        site: site === '' ? 'file' : site,
        file,
        line,
      });
    }),
  };
}

/**
 * The digest of what is read as data; undefined where nothing is. What lies in the component's own folder counts by its name
 * there, so that it is the same after a move.
 */
export function digestOfReads(
  read: readonly string[],
  readSet: Pick<ReadSet, 'files' | 'folders'>,
  own: string,
): string | undefined {
  if (read.length === 0) return undefined;
  // Asked for only now: a read-set of which the most is shared puts all its files together for it.
  const { files, folders } = readSet;
  const named = (place: string) => (own !== '' && place.startsWith(`${own}/`) ? `.${place.slice(own.length)}` : place);
  const lines = read.map((place) => [named(place), heldAt(files, place) ?? heldAt(folders, place) ?? null] as const);
  return digestOf(lines.sort(([a], [b]) => byCodeUnit(a, b)));
}

function heldAt<T>(record: Readonly<Record<string, T>>, place: string): T | undefined {
  return Object.hasOwn(record, place) ? record[place] : undefined;
}
