import type { ReadSet } from '../../model/claim.ts';
import { parseContents } from '../../model/contents.ts';
import { byCodeUnit, sha256 } from '../../model/digest.ts';
import { isHarmlessInModule } from '../../model/file-kinds.ts';
import type { FileView } from '../../model/file-view.ts';
import { filePlace } from '../../model/file-view.ts';
import { type InstanceOptions, ModuleInstance, type VariableSource } from './instance.ts';
import type { ModuleLoader } from './load-module.ts';
import type { Module, ModuleCall } from './module.ts';
import { isConfiguration } from './module-files.ts';
import { localSourcePath } from './module-source.ts';
import { mayReadItself, mayReadVariables } from './reads-itself.ts';

/** A module with every module of the estate that it calls, directly or not. */
export interface ModuleClosure {
  /** Digest of every file of the module's folder and of the modules in its closure; programs and templates count. */
  readonly digest: string;
  /** Those files, as an estate names them. */
  readonly files: ReadonlySet<string>;
  /** The modules, itself first. */
  readonly modules: readonly Module[];
  /** Calls that lead out of the estate, or to what is not at hand in it; and local ones that lead nowhere. */
  readonly remote: readonly RemoteCall[];
  readonly missing: readonly { readonly module: Module; readonly call: ModuleCall; readonly path: string }[];
  /** Calls that close a circle: the module called is the caller, or one that called it. */
  readonly circles: readonly { readonly module: Module; readonly call: ModuleCall; readonly path: string }[];
}

export interface RemoteCall {
  readonly module: Module;
  readonly call: ModuleCall;
  /** Of a local path: why nothing is there. */
  readonly why?: string;
}

interface Place {
  readonly view: FileView;
  readonly path: string;
  readonly module: Module;
}

/** Folders that hold no source: what Terraform and Terragrunt download. */
const downloaded: ReadonlySet<string> = new Set(['.terraform', '.terragrunt-cache', '.git', 'node_modules']);
/** Of those, where Terraform and Terragrunt lay modules. */
const fetched: ReadonlySet<string> = new Set(['.terraform', '.terragrunt-cache']);

export interface ClosureOptions {
  /** Where a call leads that is no local path. */
  readonly resolveModule?: InstanceOptions['resolveModule'] | undefined;
  /** What a source may rest on; without, defaults. */
  readonly variables?: VariableSource | undefined;
  /** Files of variables and backends whose values are compared as evaluated: they are no code, unless code reads them. */
  readonly evaluated?: ReadonlySet<string> | undefined;
}

export function closureOf(
  view: FileView,
  path: string,
  loader: ModuleLoader,
  { resolveModule, variables = unset, evaluated }: ClosureOptions = {},
): ModuleClosure | undefined {
  const start = loader.load(view, path);
  if (start === undefined) return undefined;
  const places = new Map<string, Place>([[start.key, { view, path, module: start }]]);
  const remote: RemoteCall[] = [];
  const missing: { module: Module; call: ModuleCall; path: string }[] = [];
  const calls: { module: Module; call: ModuleCall; path: string }[] = [];
  // A map goes on while it grows.
  for (const { view: from, module } of places.values())
    for (const written of module.calls.values()) {
      const call = sourced(written, module, { loader, view: from, variables: module === start ? variables : unset });
      const place = resolveModule?.(call, module) ?? localPlace(from, module, call);
      if (place === undefined) {
        remote.push({ module, call });
        continue;
      }
      const key = filePlace(place.view.repo, place.path);
      calls.push({ module, call, path: key });
      if (places.has(key)) continue;
      const child = loader.load(place.view, place.path);
      const why = child === undefined ? whyAbsent(place) : undefined;
      if (why !== undefined) remote.push({ module, call, why });
      else if (child === undefined) missing.push({ module, call, path: key });
      else places.set(key, { ...place, module: child });
    }
  const all = [...places.values()];
  const files = filesOf(all, evaluated);
  return {
    digest: digestOf(start.key, files),
    files: new Set(files.keys()),
    modules: all.map(({ module }) => module),
    remote,
    missing,
    circles: circlesIn(start, calls),
  };
}

/** Why a folder that a call leads to need not be there; undefined where it should be. */
function whyAbsent({ view, path }: Omit<Place, 'module'>): string | undefined {
  const own = path.split('/').find((step) => fetched.has(step));
  if (own !== undefined) return `lies below ${own}, where modules are downloaded to`;
  const submodule = view.unfetched?.(path);
  return submodule === undefined ? undefined : `lies in the submodule ${submodule}, which was not fetched`;
}

type Call = ModuleClosure['circles'][number];

/** A walk in depth that meets a module it is still inside of has found a circle. */
function circlesIn(start: Module, calls: readonly Call[]): Call[] {
  const from = new Map<string, Call[]>();
  for (const one of calls) from.set(one.module.key, [...(from.get(one.module.key) ?? []), one]);
  const circles: Call[] = [];
  const state = new Map<string, 'inside' | 'done'>();
  const walk = (key: string): void => {
    state.set(key, 'inside');
    for (const one of from.get(key) ?? []) {
      if (state.get(one.path) === 'inside') circles.push(one);
      else if (!state.has(one.path)) walk(one.path);
    }
    state.set(key, 'done');
  };
  walk(start.key);
  return circles;
}

function localPlace(view: FileView, module: Module, call: ModuleCall): Omit<Place, 'module'> | undefined {
  const path = call.source === undefined ? undefined : localSourcePath(module.path, call.source);
  return path === undefined ? undefined : { view, path };
}

const unset: VariableSource = () => undefined;

/** With its source evaluated, where that is no plain text. */
function sourced(call: ModuleCall, module: Module, options: InstanceOptions): ModuleCall {
  return call.source === undefined ? new ModuleInstance(module, options).sourced(call) : call;
}

/**
 * Every source file of modules, with its digest. Documents, and settings of editors and linters, are none, unless something in
 * these modules may read whole folders.
 */
function filesOf(places: readonly Place[], evaluated: ReadonlySet<string> = new Set()): ReadonlyMap<string, string> {
  const all = places.some(({ view, module }) => mayReadItself(view, module.files));
  const ownView = places[0]?.view;
  const read = evaluated.size > 0 && (all || places.some(({ view, module }) => mayReadVariables(view, module.files)));
  const isEvaluated = (view: FileView, file: string) => !read && view === ownView && evaluated.has(file);
  const counts = (folder: string) => (file: string) =>
    all || !isHarmlessInModule(folder === '' ? file : file.slice(folder.length + 1));
  return new Map(
    places.flatMap(({ view, path }) =>
      sourceFiles(view, path)
        .filter(counts(path))
        .filter((file) => !isEvaluated(view, file))
        .map((file) => [filePlace(view.repo, file), view.digest(file) ?? ''] as const),
    ),
  );
}

function digestOf(key: string, files: ReadonlyMap<string, string>): string {
  const lines = [...files].map(([file, digest]) => `${file}\n${digest}`);
  return sha256([key, ...lines.sort(byCodeUnit)].join('\n'));
}

/**
 * The digest together with what the module reads outside its folders: a script beside them that it hashes or zips is as much
 * part of it as one within.
 */
export function digestWithReads(
  { digest, files, modules }: ModuleClosure,
  reads: Pick<ReadSet, 'files' | 'folders'>,
): string {
  const isWithin = (place: string): boolean =>
    modules.some(({ key }) => key === '' || place === key || place.startsWith(`${key}/`));
  const lines = [
    ...Object.entries(reads.files).filter(([place, held]) => !files.has(place) && (held !== null || !isWithin(place))),
    ...Object.entries(reads.folders).filter(([place]) => !isWithin(place) && !/[^*]\/$/.test(place) && isProved(place)),
  ].map(([place, held]) => `${place}\n${held ?? ''}`);
  return lines.length === 0 ? digest : sha256([digest, ...lines.sort(byCodeUnit)].join('\n'));
}

/** What may be read among other files is no part of what is: who compares it says that he does not know. */
function isProved(place: string): boolean {
  return parseContents(place)?.all !== false;
}

/** Every file of a module's folder and below, but not of modules that lie below it, nor what was downloaded. */
function sourceFiles(view: FileView, folder: string): readonly string[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  return view.list(folder).flatMap(({ name, kind }) => {
    const path = prefix + name;
    if (kind === 'file') return isState(name) ? [] : [path];
    const inner = downloaded.has(name) ? [] : view.list(path);
    if (inner.length === 0 || inner.some((entry) => entry.kind === 'file' && isConfiguration(entry.name))) return [];
    return sourceFiles(view, path);
  });
}

function isState(name: string): boolean {
  return /\.tfstate(\.|$)|^crash\.log$|\.tfplan$/.test(name);
}
