import { statSync } from 'node:fs';
import { namesSetIn } from '../../hcl/set-names.ts';
import { sha256 } from '../../model/digest.ts';
import type { IgnoredPaths } from '../../model/file-view.ts';
import type { Repository } from '../git/git-repository.ts';
import { decodeName } from '../git/tree-listing.ts';
import { Disk } from '../views/disk.ts';
import type { IndexedFile } from '../views/indexed-view.ts';
import { ListedIgnored } from '../views/listed-ignored.ts';
import { TreeNames } from '../views/tree-names.ts';
import type { Untracked } from '../views/untracked.ts';

/** A file that no commit holds, because Git ignores it, and that a run in this work tree reads by its name alone. */
export interface BesideFile {
  readonly digest: string;
  /** Of code. What a file of variables holds is for nobody to see. */
  readonly text: string | undefined;
  /** The names that a file of variables sets. */
  readonly sets: readonly string[] | undefined;
}

type BesideFiles = ReadonlyMap<string, BesideFile>;

/** What lies in a work tree beside any commit. */
export interface Beside {
  /** Of the kinds that Terraform loads by itself. */
  readonly files: BesideFiles;
  /** All that Git ignores; undefined where that is nothing. */
  readonly ignored: IgnoredPaths | undefined;
}

const noFiles: BesideFiles = new Map();

/** More text than any file of variables has; one that holds more is told by its digest, and sets nothing that one knows. */
const longestText = 4 * 1024 * 1024;

/** Reads what Git ignores of the kinds that Terraform loads by itself. */
export function readBeside(repository: Repository, { ignored, hidden }: Untracked): Beside {
  return { files: readLoaded(repository, ignored), ignored: ListedIgnored.of(hidden) };
}

function readLoaded(repository: Repository, ignored: readonly Buffer[]): BesideFiles {
  if (ignored.length === 0) return noFiles;
  const disk = new Disk(repository.root, repository.hash);
  const salt = saltOf(repository);
  const found = new Map<string, BesideFile>();
  for (const name of ignored) {
    const path = decodeName(name);
    if (!name.equals(Buffer.from(path))) disk.remember(path, Buffer.from(name));
    const file = readOne(disk, path, salt);
    if (file !== undefined) found.set(path, file);
  }
  return found;
}

/** Of this clone alone: a digest of a secret that is all a file holds tells nobody else what it is. */
function saltOf({ gitDir }: Repository): string {
  const { ino, birthtimeMs } = statSync(gitDir);
  return `${ino} ${birthtimeMs}`;
}

function readOne(disk: Disk, path: string, salt: string): BesideFile | undefined {
  if (disk.stat(path)?.kind !== 'file' || !disk.isInside(path)) return undefined;
  try {
    const { oid, bytes } = disk.blob(path);
    const text = bytes === undefined || bytes.length > longestText ? '' : bytes.toString('utf8');
    const isVariables = /\.tfvars(?:\.json)?$/.test(path);
    // No digest of what Git holds: where one content stands in both, it is not seen alike.
    return {
      digest: `${sha256(`${salt}\0${oid}`)} ignored`,
      text: isVariables ? undefined : text,
      sets: isVariables ? [...namesSetIn(path, text)] : undefined,
    };
  } catch {
    return undefined;
  }
}

/** A tree with what lies beside it in the work tree; undefined where that adds nothing. */
export function withBeside(
  files: ReadonlyMap<string, IndexedFile>,
  beside: BesideFiles,
): ReadonlyMap<string, IndexedFile> | undefined {
  if (beside.size === 0) return undefined;
  const { folders } = new TreeNames(files);
  const added = [...beside].filter(([path, { sets }]) => {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const names = folders.get(folder)?.map(({ name }) => name);
    // Code alone makes no module of a folder, and beside a unit it is what Terragrunt wrote there.
    return names !== undefined && !files.has(path) && (sets !== undefined || isLock(path) || isModule(names));
  });
  if (added.length === 0) return undefined;
  const all = new Map(files);
  for (const [path, file] of added) all.set(path, { kind: 'file', oid: undefined, beside: file });
  return all;
}

/** Beside a unit too: Terragrunt copies it over the module. */
function isLock(path: string): boolean {
  return path.endsWith('.terraform.lock.hcl');
}

function isModule(names: readonly string[]): boolean {
  return (
    names.some((name) => /\.(?:tf|tofu)(?:\.json)?$/.test(name)) &&
    !names.some((name) => /^terragrunt\b.*\.hcl(?:\.json)?$/.test(name))
  );
}

/** What stands for it all in the identity of a view. */
export function besideIdentity(files: ReadonlyMap<string, IndexedFile>, ignored: IgnoredPaths | undefined): string {
  const lines: string[] = [];
  for (const [path, { beside }] of files) if (beside !== undefined) lines.push(`${path}\0${beside.digest}`);
  return sha256([...lines.sort(), ignored?.digest ?? ''].join('\n'));
}
