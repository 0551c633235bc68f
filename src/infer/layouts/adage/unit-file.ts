import { parseContents } from '../../../model/contents.ts';
import type { EstateView } from '../../../model/estate.ts';
import type { FileView } from '../../../model/file-view.ts';
import type { FileAccount, OpenRead } from '../../terraform/file-account.ts';
import { dependenciesOf } from '../terragrunt/dependency-blocks.ts';
import { evaluatedUnit } from '../terragrunt/evaluated.ts';
import { failingParts } from '../terragrunt/failing-parts.ts';
import { Frame } from '../terragrunt/frame.ts';
import { layersOf } from '../terragrunt/layers.ts';
import { mergedInputs } from '../terragrunt/merged-inputs.ts';
import { OpenEstate } from '../terragrunt/open-estate.ts';
import { readConfig } from '../terragrunt/read-config.ts';
import { Session } from '../terragrunt/session.ts';

/**
 * The one Terragrunt file that modules are run through which read their config themselves: at the top of the modules' repository,
 * else of the configs'. Which component is meant it takes from the environment.
 */
export const unitFile = 'terragrunt.hcl';

/** What that file reads in its turn, whichever component it is run for. */
export interface UnitFileReads {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** What is read as data, and what of it only a run knows. */
  readonly read: readonly string[];
  readonly open: readonly OpenRead[];
}

const known = new WeakMap<FileView, UnitFileReads>();

/** Read once for all components of an estate; what it asks of the environment is another thing in each run. */
export function unitFileReads(view: FileView, estate: EstateView): UnitFileReads {
  const before = known.get(view);
  if (before !== undefined) return before;
  const open = new OpenEstate({ ...estate, main: view }, readConfig, { environment: 'unknown' });
  const session = new Session(open);
  const source = open.files.read(session.view, unitFile);
  if (source !== undefined) {
    const file = open.paths.absolute(unitFile);
    const unit = new Frame(session, source, { file, config: file, original: file });
    const layers = layersOf(unit);
    evaluatedUnit(unit, layers, {
      inputs: () => mergedInputs(layers),
      module: undefined,
      dependencies: dependenciesOf(layers),
      unset: [],
    });
    failingParts(unit);
  }
  const { files, folders } = session.readSet();
  const accounts = session.accounts();
  const here = (place: string) => (view.repo === '' ? place : place.replace(`${view.repo}:`, ''));
  const reads: UnitFileReads = {
    files: Object.keys(files).map(here),
    folders: Object.keys(folders).map(here),
    read: accounts.flatMap((account) => account.read),
    open: accounts.flatMap((account) => account.open),
  };
  known.set(view, reads);
  return reads;
}

/** Makes what the file reads part of what a component does, through a view that records it. */
export function countUnitFile(reads: UnitFileReads, view: FileView, account: FileAccount): void {
  for (const file of reads.files) if (view.isFile(file)) account.file(view, file);
  for (const folder of reads.folders) {
    if (parseContents(folder) !== undefined) view.noteContents?.(folder);
    else if (folder.endsWith('/**')) view.files(folder.slice(0, -'/**'.length));
    else if (folder.endsWith('/')) view.isDirectory(folder.slice(0, -1));
    else view.list(folder);
  }
  account.take(reads.read, reads.open);
}
