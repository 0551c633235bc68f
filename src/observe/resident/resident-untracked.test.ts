import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findRepository, type Repository } from '../git/git-repository.ts';
import { TemporaryFolder, type TemporaryRepository } from '../git/temporary-repository.ts';
import { listUntracked } from '../views/untracked.ts';
import { ResidentUntracked } from './resident-untracked.ts';

type Step = readonly [what: string, run: (made: TemporaryRepository) => void];

/** What comes and goes in a work tree, and what decides which of it Git ignores. */
const steps: readonly Step[] = [
  ['an ignored file comes', (made) => write(made, 'a/x.tfvars')],
  ['another one, deeper', (made) => write(made, 'a/b/x.tfvars')],
  ['nothing', () => undefined],
  ['a tracked file is edited and committed', (made) => edit(made)],
  ['an untracked file comes', (made) => write(made, 'a/new.tf')],
  ['an untracked folder comes', (made) => write(made, 'c/d/new.tf')],
  ['something ignored comes into it', (made) => write(made, 'c/d/x.tfvars')],
  ['an empty folder comes', (made) => mkdirSync(join(made.root, 'e/f'), { recursive: true })],
  ['something comes into it', (made) => write(made, 'e/f/x.tfvars')],
  ['rules change', (made) => write(made, '.gitignore', '*.tfvars\n*.yaml\n')],
  ['rules of one folder come', (made) => write(made, 'a/.gitignore', '!x.tfvars\n')],
  ['rules of that folder change', (made) => write(made, 'a/.gitignore', '*.md\n')],
  ['the rules of this clone change', (made) => write(made, '.git/info/exclude', 'new.tf\n')],
  ['what is ignored is tracked after all', (made) => made.git('add', '-f', 'a/x.tfvars')],
  ['and is not any more', (made) => made.git('rm', '-q', '--cached', 'a/x.tfvars')],
  ['a folder that is ignored whole comes', (made) => write(made, 'build/x')],
  ['something comes into it', (made) => write(made, 'build/y')],
  ['it goes', (made) => rmSync(join(made.root, 'build'), { recursive: true })],
  [
    'a folder comes of which nothing is tracked by its own rules',
    (made) => {
      write(made, 'g/.gitignore', '*\n');
      write(made, 'g/x.tf');
    },
  ],
  ['and is, once those change', (made) => write(made, 'g/.gitignore', '\n')],
  ['an ignored file goes', (made) => rmSync(join(made.root, 'a/b/x.tfvars'))],
  ['everything untracked goes', (made) => made.git('clean', '-qfdx')],
];

let clock = 1_000_000_000;

function write(made: TemporaryRepository, path: string, text = 'x = 1\n'): void {
  mkdirSync(dirname(join(made.root, path)), { recursive: true });
  writeFileSync(join(made.root, path), text);
}

function edit(made: TemporaryRepository): void {
  made.write({ 'a/main.tf': `# ${clock}\n` });
  made.git('commit', '-qam', 'edit');
}

/** Times of their own for all that a step may have touched: a test does not wait for the clock of the disk. */
function tick({ root }: TemporaryRepository): void {
  clock += 10;
  for (const path of ['.', 'a', 'a/b', 'c', 'c/d', 'e', 'e/f', '.gitignore', 'a/.gitignore', '.git/info/exclude'])
    try {
      utimesSync(join(root, path), clock, clock);
    } catch {
      // It is not there.
    }
}

function shown({ names, ignored, hidden }: Awaited<ReturnType<typeof listUntracked>>): unknown {
  return [names, ignored, hidden].map((list) => list.map(String).sort());
}

describe('what is held of what lies untracked', () => {
  const later = Date.now() + 1_000_000;

  it('is what git lists, whatever comes and goes', async () => {
    using folder = new TemporaryFolder();
    const made = folder
      .repository('r')
      .write({ '.gitignore': '*.tfvars\nbuild/\n', 'a/main.tf': '', 'a/b/main.tf': '', 'a/.keep': '' });
    made.commit();
    const repository = findRepository(made.root) as Repository;
    const held = new ResidentUntracked(() => later);
    for (const [what, run] of [...steps, ...steps]) {
      run(made);
      tick(made);
      expect([what, shown(await held.list(repository))]).toEqual([what, shown(await listUntracked(repository))]);
    }
  });

  it('is the same object while nothing changed, and not while something may just have', async () => {
    using folder = new TemporaryFolder();
    const made = folder.repository('r').write({ '.gitignore': '*.tfvars\n', 'a/main.tf': '', 'a/x.tfvars': '' });
    made.commit();
    const repository = findRepository(made.root) as Repository;
    const held = new ResidentUntracked(() => later);
    const first = await held.list(repository);
    expect(await held.list(repository)).toBe(first);
    edit(made);
    expect(await held.list(repository)).toBe(first);
    const careful = new ResidentUntracked();
    expect(await careful.list(repository)).not.toBe(await careful.list(repository));
  });
});
