import type { ReadSet } from '../../../model/claim.ts';
import type { EstateView } from '../../../model/estate.ts';
import { archivePrefix, registryPrefix } from '../../../model/fetched-module.ts';
import type { FileView } from '../../../model/file-view.ts';
import type { RecordedView } from '../../record-reads.ts';
import { mergeReadSets, recordReads } from '../../record-reads.ts';
import type { ModuleCall } from '../../terraform/module.ts';
import { type ModuleSource, parseModuleSource } from '../../terraform/module-source.ts';

/** The repositories that one claim looks into, each remembering what was read of it. */
export class Reads {
  readonly #estate: EstateView;
  readonly #recorded = new Map<string, RecordedView>();

  constructor(estate: EstateView) {
    this.#estate = estate;
  }

  view(repo: string): FileView | undefined {
    const known = this.#recorded.get(repo);
    if (known !== undefined) return known.view;
    const view = this.#estate.repos.get(repo) ?? (repo === '' ? this.#estate.main : undefined);
    return view === undefined ? undefined : this.record(view);
  }

  /** A view that was come by otherwise, recorded under its own name. */
  record(view: FileView): FileView {
    const known = this.#recorded.get(view.repo);
    if (known !== undefined) return known.view;
    const recorded = recordReads(view);
    this.#recorded.set(view.repo, recorded);
    return recorded.view;
  }

  /** Nobody looked into any of them. */
  get isEmpty(): boolean {
    return this.#recorded.size === 0;
  }

  readSet(): Pick<ReadSet, 'files' | 'folders'> {
    return mergeReadSets([...this.#recorded.values()].map((one) => one.readSet()));
  }
}

/** `repo:path` or `path`, parted. */
export function placeOf(place: string): { readonly repo: string; readonly path: string } {
  const colon = place.indexOf(':');
  return colon < 0 ? { repo: '', path: place } : { repo: place.slice(0, colon), path: place.slice(colon + 1) };
}

/** Where a module with a remote source can be read: as `karma.yaml` says, else at its ref in a repository at hand. */
export function moduleElsewhere(
  call: Pick<ModuleCall, 'source'> & Partial<Pick<ModuleCall, 'version'>>,
  estate: EstateView,
  reads: Pick<Reads, 'view' | 'record'>,
): { readonly view: FileView; readonly path: string } | undefined {
  const source = call.source === undefined ? undefined : parseModuleSource(call.source);
  if (source === undefined || source.kind === 'local') return undefined;
  const name = source.kind === 'registry' ? source.address : source.url;
  const folder = source.kind === 'other' ? '' : source.folder;
  const places = estate.settings.modules ?? {};
  const named = [name, `git::${name}`].find((one) => Object.hasOwn(places, one));
  const written = named === undefined ? undefined : places[named];
  if (written !== undefined) {
    const { repo, path } = written.includes(':') ? placeOf(written) : { repo: written, path: '' };
    const view = reads.view(repo);
    return view === undefined ? undefined : { view, path: [path, folder].filter((step) => step !== '').join('/') };
  }
  const found = viewElsewhere(estate, source, call.version);
  return found === undefined ? undefined : { view: reads.record(found), path: folder };
}

/** The package that a remote source means, where it is at hand: a repository, or what was fetched of a registry or archive. */
export function viewElsewhere(
  { elsewhere }: Pick<EstateView, 'elsewhere'>,
  source: Exclude<ModuleSource, { kind: 'local' }>,
  version: string | undefined,
): FileView | undefined {
  if (source.kind === 'git') return elsewhere?.(source.url, source.ref);
  if (source.kind === 'registry') return elsewhere?.(`${registryPrefix}${source.address}`, version);
  return /^https?:\/\//.test(source.url) ? elsewhere?.(`${archivePrefix}${source.url}`, undefined) : undefined;
}
