import { makeFolder } from '../observe/make-folder.ts';
import { FetchTrouble } from './trouble.ts';
import { userGit } from './user-git.ts';

export interface TreeFile {
  /** From the root, POSIX. */
  readonly path: string;
  readonly content: Uint8Array;
}

/**
 * Files as one commit of a bare repository, so that they are read like any other module. The commit's author and time are
 * fixed: equal files are the same commit everywhere. Answers the commit.
 */
export async function importTree(files: readonly TreeFile[], into: string): Promise<string> {
  makeFolder(into);
  await userGit(into, ['init', '-q', '--bare', into]);
  const parts: Uint8Array[] = [
    Buffer.from('commit refs/karma/fetched\ncommitter Karma <karma@localhost> 0 +0000\ndata 7\narchive\ndeleteall\n'),
  ];
  for (const { path, content } of files)
    parts.push(Buffer.from(`M 100644 inline ${path}\ndata ${content.length}\n`), content, Buffer.from('\n'));
  const done = await userGit(into, ['fast-import', '--quiet', '--force'], { input: Buffer.concat(parts) });
  const answer = await userGit(into, ['rev-parse', '--verify', '-q', 'refs/karma/fetched']);
  if (done.code !== 0 || answer.code !== 0) throw new FetchTrouble('git did not take its files');
  return answer.stdout.toString().trim();
}
