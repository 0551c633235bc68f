import { isUnknown } from '../../../hcl/value.ts';
import { archivePrefix, registryPrefix } from '../../../model/fetched-module.ts';
import type { FileView } from '../../../model/file-view.ts';
import { withoutCredentials } from '../../../model/without-credentials.ts';
import { moduleName } from '../../module-name.ts';
import { isConfiguration } from '../../terraform/module-files.ts';
import { isFloating, parseModuleSource } from '../../terraform/module-source.ts';
import { attempt } from './attempt.ts';
import type { Frame } from './frame.ts';
import type { Layer } from './layers.ts';
import { folderOf, nameOf, resolve } from './paths.ts';

/** Where a unit's Terraform module is, as its `terraform { source }` says. */
export interface ModuleReference {
  /** As evaluated; the repository's root taken off a local path. `''` for the unit's own folder. */
  readonly source: string;
  readonly ref: string | undefined;
  /** A word for the module: the last step of its folder. */
  readonly name: string;
  /** The view and folder that hold it; undefined when it lies elsewhere. */
  readonly place: { readonly view: FileView; readonly path: string } | undefined;
  readonly remote: boolean;
  readonly floating: boolean;
  /** Where the source is written; undefined for the unit's own folder. */
  readonly frame: Frame | undefined;
  readonly at: { readonly line: number; readonly column: number } | undefined;
  readonly trouble: string | undefined;
}

/** The module of a unit: the source closest to the unit counts. Undefined when the unit has none at all. */
export function moduleReference(unit: Frame, layers: readonly Layer[]): ModuleReference | undefined {
  for (const { frame } of layers)
    for (const block of frame.source.body.blocks) {
      const attribute = block.type === 'terraform' ? block.body.attributes.get('source') : undefined;
      if (attribute === undefined) continue;
      const result = attempt(frame, attribute.value);
      const value = 'error' in result ? undefined : result.value;
      if (value === null || value === '') break;
      if (typeof value === 'string') return { ...located(unit, value), frame, at: attribute.at };
      const trouble =
        'error' in result ? result.error.message : value !== undefined && isUnknown(value) ? value.reason : 'no text';
      return { ...unknownModule(unit, trouble), frame, at: attribute.at };
    }
  return ownModule(unit);
}

type Located = Omit<ModuleReference, 'frame' | 'at'>;

function unknownModule(unit: Frame, trouble: string): Located {
  const name = nameOf(folderOf(unit.at.config));
  return { source: '', ref: undefined, name, place: undefined, remote: true, floating: false, trouble };
}

/** Terraform files beside the unit's own. */
function ownModule(unit: Frame): ModuleReference | undefined {
  const { view, estate } = unit.session;
  const path = estate.paths.inView(folderOf(unit.at.config));
  if (!view.list(path).some(({ name, kind }) => kind === 'file' && isConfiguration(name))) return undefined;
  const name = nameOf(path);
  const place = { view, path };
  return {
    source: '',
    ref: undefined,
    name,
    place,
    remote: false,
    floating: false,
    frame: undefined,
    at: undefined,
    trouble: undefined,
  };
}

function located(unit: Frame, source: string): Located {
  const { session } = unit;
  const { estate } = session;
  if (source.startsWith('tfr://')) return fromRegistry(unit, source);
  const parsed = parseModuleSource(source.replace(/^file:\/\//, ''));
  if (parsed.kind === 'git') {
    const { url, folder, ref } = parsed;
    const view = estate.view.elsewhere?.(url, ref);
    const place = view === undefined ? undefined : { view: session.foreign(view), path: folder };
    const name = folder === '' ? nameOf(url.replace(/\.git$/, '')) : moduleName(folder, url);
    return {
      source: withoutRef(source),
      ref,
      name,
      place,
      remote: true,
      floating: isFloating(parsed, undefined),
      trouble: undefined,
    };
  }
  const path = estate.paths.inView(resolve(folderOf(unit.at.config), source.replace(/\/\//g, '/')));
  if (isDownloaded(path) || session.view.unfetched?.(path) !== undefined) return elsewhere(path, false);
  if (parsed.kind === 'local' || source.startsWith('/') || session.view.isDirectory(path)) {
    const place = session.view.isDirectory(path) ? { view: session.view, path } : undefined;
    const trouble = place === undefined ? `there is no folder ${path}` : undefined;
    return { source: path, ref: undefined, name: moduleName(path), place, remote: false, floating: false, trouble };
  }
  const archive = /^https?:\/\//.test(source) ? `${archivePrefix}${source}` : undefined;
  const place = placeElsewhere(unit, archive, undefined, '');
  return { ...elsewhere(withoutRef(source), isFloating(parsed, undefined)), place };
}

/** A module that is not at hand. */
function elsewhere(source: string, floating: boolean): Located {
  return {
    source,
    ref: undefined,
    name: moduleName(source),
    place: undefined,
    remote: true,
    floating,
    trouble: undefined,
  };
}

/** Where Terraform and Terragrunt lay what they download. */
function isDownloaded(path: string): boolean {
  return /(?:^|\/)\.(?:terraform|terragrunt-cache)(?:\/|$)/.test(path);
}

/** `tfr://host/namespace/name/provider//folder?version=1.2.3`. */
function fromRegistry(unit: Frame, source: string): Located {
  const [address = '', query = ''] = source.slice('tfr://'.length).replace(/^\//, '').split('?');
  const version = new URLSearchParams(query).get('version') ?? undefined;
  const [whole = '', folder = ''] = address.split('//');
  const parts = whole.split('/');
  const registered = parts.at(-2) ?? whole;
  const name = folder === '' ? registered : moduleName(folder, registered);
  const floating = isFloating({ kind: 'registry', address: whole, folder }, version);
  return {
    source: `tfr:///${address}`,
    ref: version,
    name,
    place: placeElsewhere(unit, `${registryPrefix}${whole}`, version, folder),
    remote: true,
    floating,
    trouble: undefined,
  };
}

/** A module of a registry or an archive, where it was fetched. */
function placeElsewhere(
  { session }: Frame,
  address: string | undefined,
  version: string | undefined,
  folder: string,
): ModuleReference['place'] {
  const view = address === undefined ? undefined : session.estate.view.elsewhere?.(address, version);
  return view === undefined ? undefined : { view: session.foreign(view), path: folder };
}

function withoutRef(source: string): string {
  return withoutCredentials(source.split('?')[0] ?? source);
}
