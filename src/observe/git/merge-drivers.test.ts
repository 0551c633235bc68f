import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { mergeTrees } from './content-commit.ts';
import { repositoryAt } from './git-repository.ts';
import { TemporaryFolder } from './temporary-repository.ts';

const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());

/** A program that merges is not started; where none would be, Git is asked. */
it.each([
  ['none of the files is merged by it', 'elsewhere.txt merge=ours\na.txt merge=union', [], undefined],
  ['one is', 'a.txt merge=ours', [], 'a.txt is merged by the driver ours'],
  ['it is named, and what it is is not known here', '*.txt merge=nobody', [], 'a.txt is merged by the driver nobody'],
  ['it stands for all that name none', '', ['merge.default', 'ours'], 'configured for every file'],
])('where a merge driver is configured and %s', async (name, attributes, setting, why) => {
  const at = folder.repository(name.replaceAll(/\W/g, '-'));
  const lines = (a: string, b: string) => `${a}\n1\n2\n3\n4\n${b}\n`;
  at.write({ '.gitattributes': `${attributes}\n`, 'a.txt': lines('a', 'b'), 'b.txt': 'b\n' }).commit();
  at.git('branch', 'other');
  const ours = at.write({ 'a.txt': lines('ours', 'b') }).commit();
  at.git('switch', '-q', 'other');
  const theirs = at.write({ 'a.txt': lines('a', 'theirs'), 'b.txt': 'theirs\n' }).commit();
  const ran = join(at.root, 'ran');
  at.git('config', 'merge.ours.driver', `touch ${ran}`);
  if (setting.length > 0) at.git('config', ...setting);
  const repository = repositoryAt(at.root);
  if (repository === undefined) throw new Error('no repository');
  const merged = await mergeTrees(repository, ours, theirs);
  if (why === undefined)
    expect(at.git('show', `${'tree' in merged ? merged.tree : ''}:a.txt`)).toBe(lines('ours', 'theirs').trim());
  else expect(merged).toEqual({ untold: expect.stringContaining(why) });
  expect(existsSync(ran)).toBe(false);
});
