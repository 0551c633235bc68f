import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../model/file-view.ts';
import type { Repository } from '../git/git-repository.ts';
import { readPlainFile } from '../git/plain-file.ts';
import { ResidentRepository } from './resident-repository.ts';

/** Text held of one repository in a process that stays, in bytes; one that answers once holds all it read. */
const textBytes = 64 * 1024 * 1024;

/** What a process holds of every repository it meets. */
export class ResidentRepositories {
  readonly #resident = new Map<string, ResidentRepository>();
  readonly #env: Environment;
  readonly #textBytes: number;
  readonly #stays: boolean;

  constructor(env: Environment, { stays }: { readonly stays: boolean }) {
    this.#env = env;
    this.#stays = stays;
    this.#textBytes = stays ? textBytes : Number.POSITIVE_INFINITY;
  }

  /** The same repository with what is held of it, where its objects are what their ids say and no more. */
  of(repository: Repository): Repository {
    if (!isPlain(repository, this.#env)) return repository;
    const resident =
      this.#resident.get(repository.commonDir) ?? new ResidentRepository(repository, this.#textBytes, this.#stays);
    this.#resident.set(repository.commonDir, resident);
    return { ...repository, resident };
  }
}

/** Variables that put other objects or parents in the place of what is stored. */
const substituting = ['GIT_REPLACE_REF_BASE', 'GIT_GRAFT_FILE', 'GIT_SHALLOW_FILE'];

/** Replacements, grafts, shallow ends and objects that are not there are git's to know. */
function isPlain({ commonDir }: Repository, env: Environment): boolean {
  if (substituting.some((name) => env[name] !== undefined)) return false;
  const odd = ['shallow', 'info/grafts', 'reftable'].some((name) => existsSync(join(commonDir, name)));
  return !odd && !hasReplacements(commonDir);
}

function hasReplacements(commonDir: string): boolean {
  return namesIn(join(commonDir, 'refs', 'replace')).length > 0 || hasPackedReplacements(commonDir);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function hasPackedReplacements(commonDir: string): boolean {
  try {
    return readPlainFile(join(commonDir, 'packed-refs')).includes(' refs/replace/');
  } catch {
    return false;
  }
}
