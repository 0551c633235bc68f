import { existsSync } from 'node:fs';
import { git } from '../harness/world.ts';

export interface Merging {
  /** The bare repository that all share. */
  readonly shared: string;
  /** A clone of whoever merges, made where it is not there. */
  readonly own: string;
  readonly id: string;
  readonly how: '--squash' | '--no-ff' | '--ff-only';
}

/** Merges the branch of a change as a forge does. False where that cannot be done: it clashes, or somebody was first. */
export function merge({ shared, own, id, how }: Merging): boolean {
  try {
    if (!existsSync(own)) git(shared, 'clone', '-q', shared, own);
    git(own, 'fetch', '-q', '--prune', 'origin');
    git(own, 'reset', '-q', '--hard', 'origin/main');
    const branch = `origin/karma/${id}`;
    git(own, 'merge', '-q', how, ...(how === '--no-ff' ? ['-m', 'merged'] : []), branch);
    if (how === '--squash') git(own, 'commit', '-q', '-m', 'squashed');
    git(own, 'push', '-q', 'origin', 'HEAD:main');
    return true;
  } catch {
    return false;
  }
}
