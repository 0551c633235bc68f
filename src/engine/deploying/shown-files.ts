import { join, posix, relative, sep } from 'node:path';
import type { ReadSet } from '../../model/claim.ts';
import { byCodeUnit, sha256 } from '../../model/digest.ts';
import { isKarmaError, KarmaError } from '../../model/errors.ts';
import { isInputByKind } from '../../model/file-kinds.ts';
import { filePlace, ignoredByGit } from '../../model/file-view.ts';
import { readOwnFile } from '../../observe/estate/own-file.ts';
import { type OpenSource, openSource } from '../../observe/estate/source.ts';
import { readersOf } from '../view/view.ts';
import type { DeployFacts } from './deploy-facts.ts';
import { leftByRuns, sourcesAsTheyAre } from './folders.ts';

/**
 * What stood in the files that are run as they are when they were shown. A commit is run from a checkout of its own; a work tree
 * with changes is the same one that people go on editing, while a question waits for its answer and while others run.
 */
export interface ShownFiles {
  /** @throws KARMA_REFUSED when any file is another one now */
  refuseEdited(): Promise<void>;
  /**
   * The same of what one component reads.
   * @param known only files that were there: a run may have made others
   * @throws KARMA_REFUSED
   */
  refuseEditedOf(component: string, known: boolean): Promise<void>;
}

interface ShownFilesOptions {
  /** Sources that are run as they are. */
  readonly sources: readonly OpenSource[];
  /** Files of the estate that Git may not know and that are read all the same. */
  readonly beside: readonly string[];
  /** Who reads a file or lists a folder, by its place in the estate. */
  readonly readersOf: (place: string) => Iterable<string>;
  readonly data: string;
}

interface Marks {
  readonly source: OpenSource;
  readonly digests: ReadonlyMap<string, string | undefined>;
}

export function shownIn({ estate, view, context, claims }: DeployFacts): ShownFiles {
  const sources = sourcesAsTheyAre(estate.observation.opened);
  const absent = sources.length === 0 ? [] : [...claims.values()].flatMap(({ readSet }) => absentFiles(readSet));
  return shownFiles({
    sources,
    beside: [...new Set([...(estate.karmaFile?.terraform.ignoredInputs ?? []), ...absent])],
    readersOf: readersOf(view),
    data: context.stores.dataFolder,
  });
}

function absentFiles({ files }: ReadSet): string[] {
  return Object.keys(files).filter((path) => (!files[path] || files[path] === ignoredByGit) && !path.includes(':'));
}

function shownFiles(options: ShownFilesOptions): ShownFiles {
  const marks = options.sources.map((source) => ({ source, digests: digestsOf(source, options) }));
  const besides = options.beside.map((path) => [path, onDisk(options, path)] as const);
  const edited = async (): Promise<readonly Edited[]> => {
    const found = (await Promise.all(marks.map((one) => editedIn(one, options)))).flat();
    for (const [path, digest] of besides)
      if (onDisk(options, path) !== digest) found.push({ place: path, isNew: digest === undefined });
    return found.sort((a, b) => byCodeUnit(a.place, b.place));
  };
  return {
    refuseEdited: async () => refuse(await edited(), 'nothing was run'),
    refuseEditedOf: async (component, known) => {
      const found = await edited();
      refuse(
        found.filter(
          ({ place, isNew }) =>
            !(known && isNew) && !isLockFile(place) && isReadBy(component, place, options.readersOf),
        ),
        'it was not run',
      );
    },
  };
}

interface Edited {
  /** Its place in the estate. */
  readonly place: string;
  readonly isNew: boolean;
}

/** `terraform init` itself writes it. */
function isLockFile(place: string): boolean {
  return /(?:^|[/:])\.terraform\.lock\.hcl$/.test(place);
}

function isReadBy(component: string, place: string, readersOf: ShownFilesOptions['readersOf']): boolean {
  if ([...readersOf(place)].includes(component)) return true;
  // Whoever lists a folder reads each file of Terraform's kinds in it.
  const folder = place.includes('/') ? place.slice(0, place.lastIndexOf('/')) : place.replace(/[^:]*$/, '');
  return isInputByKind(place) && [...readersOf(folder)].includes(component);
}

function refuse(edited: readonly Edited[], left: string): void {
  if (edited.length === 0) return;
  const places = edited.map(({ place }) => place);
  const shown = places.slice(0, 3).join(', ');
  const more = places.length > 3 ? ` and ${places.length - 3} more` : '';
  throw new KarmaError('KARMA_REFUSED', `edited since it was shown: ${shown}${more}; ${left}`, {
    hint: 'ask again to see what would run now; what is committed runs from a checkout that no edit reaches',
    details: { edited: places },
  });
}

/** Of a repository what differs from its commit or lies beside it, which the index says of all else; of a folder everything. */
function digestsOf(source: OpenSource, options: ShownFilesOptions): Marks['digests'] {
  const { whole, dirty } = source;
  const paths = source.commit === undefined ? whole.files() : [...dirty.keys(), ...whole.beside];
  return new Map(paths.filter((path) => counts(source, path, options)).map((path) => [path, whole.digest(path)]));
}

async function editedIn({ source, digests }: Marks, options: ShownFilesOptions): Promise<Edited[]> {
  const { name, folder, repository, whole, commit } = source;
  const now = await openSource({ name, folder, repository, ref: undefined, committed: false });
  const sameCommit = commit !== undefined && now.commit === commit;
  const paths = sameCommit
    ? [...digests.keys(), ...now.dirty.keys(), ...now.whole.beside]
    : [...digests.keys(), ...whole.files(), ...now.whole.files()];
  const edited: Edited[] = [];
  for (const path of new Set(paths)) {
    if (!counts(source, path, options)) continue;
    const before = digests.has(path) ? digests.get(path) : whole.digest(path);
    if (before === now.whole.digest(path)) continue;
    edited.push({ place: placeOf(source, path), isNew: before === undefined });
  }
  return edited;
}

function counts({ folder, repository }: OpenSource, path: string, { data }: ShownFilesOptions): boolean {
  if (leftByRuns.test(path)) return false;
  const inData = relative(data, join(repository?.root ?? folder, path));
  return inData.startsWith('..');
}

function placeOf({ name, folder, repository }: OpenSource, path: string): string {
  if (repository === undefined) return filePlace(name, path);
  const scope = relative(repository.root, folder).split(sep).join('/');
  return filePlace(name, posix.relative(scope, path));
}

/** Of a file that Git does not know: a digest of what stands there. */
function onDisk({ sources }: ShownFilesOptions, path: string): string | undefined {
  const main = sources.find(({ name }) => name === '');
  if (main === undefined || main.view.isFile(path)) return undefined;
  try {
    const text = readOwnFile(join(main.folder, path), main.folder);
    return text === undefined ? undefined : sha256(text);
  } catch (error) {
    if (isKarmaError(error)) return undefined;
    throw error;
  }
}
