import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineContext } from '../../src/engine/context.ts';
import type { TemporaryFolder } from '../../src/observe/git/temporary-repository.ts';
import { openEngine } from '../../src/wiring/open.ts';

export type Files = Readonly<Record<string, string>>;

export interface SmallEstate {
  readonly root: string;
  /** Opens it anew: whoever asks again sees what was written meanwhile. */
  context(): EngineContext;
  read(path: string): string;
}

/** Makes committed estates out of files below a folder, each with data of its own and nothing of who runs the tests. */
export function smallEstates(folder: TemporaryFolder): (files: Files) => SmallEstate {
  let made = 0;
  return (files) => {
    made += 1;
    const repository = folder.repository(`estate-${made}`).write(files);
    repository.commit();
    const data = folder.at(`data-${made}`);
    const context = () =>
      openEngine({
        options: { dir: repository.root, data },
        env: { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' },
        version: 'test',
      }).as({ door: 'cli' });
    const read = (path: string) => readFileSync(join(repository.root, path), 'utf8');
    return { root: repository.root, context, read };
  };
}
