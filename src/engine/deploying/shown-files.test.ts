import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { TemporaryFolder, TemporaryRepository } from '../../observe/git/temporary-repository.ts';
import { openEngine } from '../../wiring/open.ts';
import type { EngineContext } from '../context.ts';
import { deploy, prepare, tidy } from './deploy.ts';
import type { DeployFace } from './query.ts';
import { shownIn } from './shown-files.ts';

const opened: EngineContext[] = [];
const folders: TemporaryFolder[] = [];
afterEach(async () => {
  for (const context of opened.splice(0)) await context.stores.close();
  for (const folder of folders.splice(0)) folder[Symbol.dispose]();
});

const root = (value: string) =>
  `terraform {\n  backend "local" {}\n}\nresource "terraform_data" "it" {\n  input = ${value}\n}\n`;

/** Two roots, committed; a third file of code differs from the commit where the estate is run as it is. */
function estate({ dirty = true, git = true } = {}): TemporaryRepository {
  const folder = new TemporaryFolder();
  folders.push(folder);
  const made = new TemporaryRepository(join(folder.path, 'estate'), git ? undefined : []);
  made.write({
    'app/main.tf': root('file("${path.module}/text.txt")'),
    'app/text.txt': 'one',
    'db/main.tf': root('1'),
    'README.md': 'about',
  });
  if (git) made.commit();
  if (dirty) made.write({ 'db/main.tf': root('2') });
  return made;
}

function contextOf({ root: dir }: TemporaryRepository): EngineContext {
  const options = { dir, data: `${dir}.data` };
  const context = openEngine({ options, env: {}, version: 'test' }).as({ door: 'cli' });
  opened.push(context);
  return context;
}

/** A person who looks at the question, and meanwhile edits. */
function whileAsked(edit: () => void): DeployFace {
  const never = new AbortController().signal;
  const confirm = async () => {
    edit();
    return true;
  };
  return { confirm, listen: () => undefined, finishOnly: never, stopNow: never };
}

const all = { selection: [], all: true };

describe('what was shown is what runs', () => {
  it.each<[string, Record<string, string>]>([
    ['the changed file changes again', { 'db/main.tf': root('3') }],
    ['a file changes that was as committed', { 'app/text.txt': 'two' }],
    ['a file comes', { 'app/more.tf': 'locals {\n  x = 1\n}\n' }],
  ])('a deploy stops where, during its question, %s', async (_, edit) => {
    const made = estate();
    const asked = deploy(
      contextOf(made),
      all,
      whileAsked(() => made.write(edit)),
    );
    await expect(asked).rejects.toMatchObject({
      code: 'KARMA_REFUSED',
      message: `edited since it was shown: ${Object.keys(edit)[0]}; nothing was run`,
    });
  });

  it('where a file goes, or another commit is checked out', async () => {
    const made = estate();
    const gone = deploy(
      contextOf(made),
      all,
      whileAsked(() => made.remove('app/text.txt')),
    );
    await expect(gone).rejects.toThrow('edited since it was shown: app/text.txt');
    made.write({ 'app/text.txt': 'two' });
    const switched = deploy(
      contextOf(made),
      all,
      whileAsked(() => made.git('checkout', '-q', '-f', 'HEAD')),
    );
    await expect(switched).rejects.toThrow('edited since it was shown: app/text.txt, db/main.tf');
  });

  it('in a folder that is no repository too', async () => {
    const made = estate({ git: false });
    const asked = deploy(
      contextOf(made),
      all,
      whileAsked(() => made.write({ 'app/text.txt': 'two' })),
    );
    await expect(asked).rejects.toThrow('edited since it was shown: app/text.txt');
  });

  it('each component is held to what it reads, whatever else was edited or left by runs', async () => {
    const made = estate();
    const prepared = await prepare(contextOf(made), {});
    try {
      const shown = shownIn(prepared.facts);
      await shown.refuseEdited();
      made.write({ 'app/terraform.tfstate': '{}', 'app/.terraform.lock.hcl': '', 'README.md': 'more' });
      await shown.refuseEditedOf('app', false);
      made.write({ 'app/text.txt': 'two', 'db/made.tf': '' });
      await expect(shown.refuseEditedOf('app', false)).rejects.toThrow('app/text.txt; it was not run');
      await expect(shown.refuseEditedOf('db', false)).rejects.toThrow('db/made.tf');
      // A program that runs may make files; what was there must stay.
      await shown.refuseEditedOf('db', true);
    } finally {
      tidy(prepared);
    }
  });

  it('a commit runs from a checkout, which no edit reaches', async () => {
    const made = estate({ dirty: false });
    const prepared = await prepare(contextOf(made), {});
    try {
      const shown = shownIn(prepared.facts);
      made.write({ 'app/text.txt': 'two' });
      await shown.refuseEdited();
    } finally {
      tidy(prepared);
    }
  });
});
