import type { Evidence } from '../../../model/evidence.ts';
import { type FileView, filePlace } from '../../../model/file-view.ts';
import { isConfiguration } from '../../terraform/module-files.ts';
import { isLoadedAlways } from '../terraform/deployments.ts';
import { isCopied } from './copied-files.ts';
import type { Frame } from './frame.ts';
import { type GeneratedFile, knownText } from './generated-files.ts';
import type { ModuleReference } from './module-reference.ts';
import { folderOf, join, nameOf } from './paths.ts';
import { type WrittenFile, writtenOver } from './written-over.ts';

/** A unit's module with what Terragrunt writes and copies into its folder before it runs. */
export interface ModuleAsRun {
  readonly view: FileView;
  readonly path: string;
  /** Some of it is Terraform configuration. */
  readonly changed: boolean;
  /** Some of it declares data or resources, or reads files. */
  readonly adds: boolean;
  /** What stands in some of it only a run could know, or where it is written. */
  readonly open: boolean;
  /** Evidence in files that are only there in a run, at the place that they come from. */
  placed(evidence: Evidence): Evidence;
}

interface Origin extends WrittenFile {
  readonly origin: { readonly file: string; readonly line: number | undefined };
}

/** Undefined where the module is not at hand. */
export function moduleAsRun(
  unit: Frame,
  reference: ModuleReference,
  files: readonly GeneratedFile[],
): ModuleAsRun | undefined {
  const { place } = reference;
  if (place === undefined) return undefined;
  noteBeside(unit, place);
  const written = [...copiedFiles(unit, place, reference), ...writtenFiles(unit, place, files)];
  const configuration = written.filter(({ path }) => isConfiguration(nameOf(path)));
  return {
    view: writtenOver(place.view, written),
    path: place.path,
    changed: configuration.length > 0,
    adds: configuration.some(
      ({ text }) =>
        /\b(data|resource|ephemeral|module)"?\s*[":{]/.test(text) || /\bfile\w*\(|\btemplatefile\(/.test(text),
    ),
    open: files.some(({ path, contents }) => typeof path !== 'string' || typeof contents !== 'string'),
    placed: (evidence) => placedIn(evidence, place.view, written),
  };
}

/** What stands beside the unit's own file is copied over the module, and what is in folders of it over the module's folders. */
function copiedFiles(
  unit: Frame,
  { view: moduleView, path: folder }: NonNullable<ModuleReference['place']>,
  { frame }: ModuleReference,
): Origin[] {
  if (frame === undefined) return [];
  const { view, estate } = unit.session;
  const own = estate.paths.inView(folderOf(unit.at.config));
  const copied: Origin[] = [];
  const take = (below: string): void => {
    const entries = view.list(within(own, below));
    // A folder that the module has not is called by code that stands beside it, or by nobody.
    const calls = below !== '' || entries.some(({ name, kind }) => kind === 'file' && isConfiguration(name));
    for (const { name, kind } of entries) {
      const rest = within(below, name);
      if (kind === 'directory') {
        const isOwn = moduleView.repo === view.repo && isWithin(folder, within(own, rest));
        if (isCopied(name) && !isOwn && (calls || moduleView.isDirectory(join(folder, rest)))) take(rest);
        continue;
      }
      if (!isConfiguration(name) && !(below === '' && /\.tfvars(\.json)?$/.test(name))) continue;
      const from = within(own, rest);
      const beside = view.setBeside?.(from);
      const text = beside === undefined ? view.read(from) : '';
      if (text === undefined) continue;
      // What it says is in no input: a change of it is a change of what is run.
      unit.session.readByOthers(estate.paths.absolute(from));
      const origin = { file: filePlace(view.repo, from), line: undefined };
      copied.push({ path: join(folder, rest), text, origin, ...(beside === undefined ? {} : { beside }) });
    }
  };
  take('');
  return copied;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function within(folder: string, name: string): string {
  return folder === '' ? name : name === '' ? folder : `${folder}/${name}`;
}

/** What Terraform loads by its name in the module's folder, and no commit holds, is part of each run. */
function noteBeside({ session }: Frame, { view, path }: NonNullable<ModuleReference['place']>): void {
  for (const { name, kind } of view.list(path)) {
    const file = path === '' ? name : `${path}/${name}`;
    if (kind === 'file' && isLoadedAlways(name) && view.setBeside?.(file) !== undefined)
      session.account.file(view, file);
  }
}

/** Files that `generate` blocks write, as far as they are known. */
function writtenFiles(
  unit: Frame,
  place: NonNullable<ModuleReference['place']>,
  files: readonly GeneratedFile[],
): Origin[] {
  const { paths, view } = unit.session.estate;
  return files.flatMap(({ path, contents, keeps, frame, at }) => {
    // What is not known of a text stands in it as an expression that does not evaluate.
    const text = knownText(contents);
    if (typeof path !== 'string' || text === '' || /^\/|\.\.\//.test(path)) return [];
    const to = join(place.path, path);
    if (keeps && place.view.isFile(to)) return [];
    const file = filePlace(view.main.repo, paths.inView(frame.at.file));
    return [{ path: to, text, origin: { file, line: at.line } }];
  });
}

function placedIn(evidence: Evidence, view: FileView, written: readonly Origin[]): Evidence {
  const found = written.find(({ path }) => filePlace(view.repo, path) === evidence.file);
  if (found === undefined) return evidence;
  const line = found.origin.line ?? evidence.line;
  return { ...evidence, file: found.origin.file, ...(line === undefined ? {} : { line }) };
}
