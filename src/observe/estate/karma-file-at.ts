import { type KarmaFile, karmaFileNames, readKarmaFile } from '../../config/karma-file.ts';
import { gitAsync } from '../git/git-process.ts';
import type { EstateRoot } from './estate-root.ts';

/** What a commit holds at the estate's root: an entry of its tree, `100644 blob 1f2e…\tkarma.yaml`. */
const ofFile = /^100(?:644|755) blob ([0-9a-f]{40,64})\t/;

/**
 * `karma.yaml` as a commit has it, without opening the estate there. Undefined where that is not enough: it is a link, or stands
 * beside the commit, or something is wrong that opening it tells.
 */
export async function karmaFileAt(
  { repository, scope, karmaFile }: EstateRoot,
  commit: string,
): Promise<{ readonly karmaFile: KarmaFile | undefined } | undefined> {
  if (repository === undefined) return undefined;
  const before = scope === '' ? '' : `${scope}/`;
  const paths = karmaFileNames.map((name) => `${before}${name}`);
  const listed = await gitAsync(repository, ['ls-tree', '-z', commit, '--', ...paths]);
  if (listed.code !== 0) return undefined;
  const entries = listed.stdout.toString().split('\0').filter(Boolean);
  for (const name of karmaFileNames) {
    const entry = entries.find((one) => one.endsWith(`\t${before}${name}`));
    if (entry === undefined) continue;
    const blob = ofFile.exec(entry)?.[1];
    if (blob === undefined) return undefined;
    const { code, stdout } = await gitAsync(repository, ['cat-file', 'blob', blob]);
    if (code !== 0) return undefined;
    const found = readKarmaFile(name, stdout.toString());
    if (found !== undefined) return { karmaFile: found };
  }
  // One that lies in the work tree and in no commit may be read beside it.
  return karmaFile === undefined ? { karmaFile: undefined } : undefined;
}
