import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseTerraform } from '../../../infer/terraform/load-module.ts';
import { isConfiguration } from '../../../infer/terraform/module-files.ts';
import { KarmaError } from '../../../model/errors.ts';
import type { FileView } from '../../../model/file-view.ts';
import { type InitNeeds, initNeeds } from '../../../run/needs-init.ts';
import type { DeployFacts } from '../deploy-facts.ts';
import type { RunFolder } from '../folders.ts';

/** A module's folder: where it is read, and where it is run. */
export interface ModuleFolder {
  readonly repo: string;
  /** Inside the estate's folder of its repository. */
  readonly path: string;
  readonly view: FileView;
  readonly place: RunFolder;
  /** Absolute. */
  readonly folder: string;
  readonly original: string;
  readonly needs: InitNeeds;
}

/** @throws KARMA_NOT_FOUND when the module lies in no folder that can be run */
export async function moduleFolder(facts: DeployFacts, module: string): Promise<ModuleFolder> {
  const colon = module.indexOf(':');
  const [repo, path] = colon < 0 ? ['', module] : [module.slice(0, colon), module.slice(colon + 1)];
  const view = facts.estate.view.repos.get(repo);
  if (view === undefined || !view.isDirectory(path))
    throw new KarmaError('KARMA_NOT_FOUND', `its module ${module} is not at hand`);
  const place = await facts.folders.of(repo);
  const folder = join(place.folder, path);
  if (!existsSync(folder))
    throw new KarmaError('KARMA_NOT_FOUND', `its module ${module} is not in the commit`, {
      hint: 'a module in a submodule cannot be run from a checkout yet',
    });
  return { repo, path, view, place, folder, original: join(place.original, path), needs: needsOf(view, path) };
}

/** Many components share a module: it is read once a view. */
const knownNeeds = new WeakMap<FileView, Map<string, InitNeeds>>();

function needsOf(view: FileView, path: string): InitNeeds {
  const known = knownNeeds.get(view) ?? new Map<string, InitNeeds>();
  knownNeeds.set(view, known);
  const needs = known.get(path) ?? readNeeds(view, path);
  known.set(path, needs);
  return needs;
}

function readNeeds(view: FileView, path: string): InitNeeds {
  const files = view
    .list(path)
    .filter(({ name, kind }) => kind === 'file' && isConfiguration(name))
    .map(({ name }) => parseTerraform(view.read(path === '' ? name : `${path}/${name}`) ?? '', name));
  return initNeeds(files);
}
