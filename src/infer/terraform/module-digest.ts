import { byCodeUnit, sha256 } from '../../model/digest.ts';
import type { FileView } from '../../model/file-view.ts';
import { filePlace } from '../../model/file-view.ts';
import type { ModuleLoader } from './load-module.ts';
import type { Module, ModuleCall } from './module.ts';
import { isConfiguration } from './module-files.ts';
import { localModulePath, parseModuleSource } from './module-source.ts';

/** A module with every module of the repository that it calls, directly or not. */
export interface ModuleClosure {
  /** Digest of every file of the module's folder and of the modules in its closure; programs and templates count. */
  readonly digest: string;
  /** The modules, itself first, by key. */
  readonly modules: readonly Module[];
  /** Calls that lead out of the repository, and local ones that lead nowhere. */
  readonly remote: readonly { readonly module: Module; readonly call: ModuleCall }[];
  readonly missing: readonly { readonly module: Module; readonly call: ModuleCall; readonly path: string }[];
}

/** Folders that hold no source: what Terraform and Terragrunt download. */
const downloaded: ReadonlySet<string> = new Set(['.terraform', '.terragrunt-cache', '.git', 'node_modules']);

export function closureOf(view: FileView, path: string, loader: ModuleLoader): ModuleClosure | undefined {
  const start = loader.load(view, path);
  if (start === undefined) return undefined;
  const modules = new Map<string, Module>([[path, start]]);
  const remote: { module: Module; call: ModuleCall }[] = [];
  const missing: { module: Module; call: ModuleCall; path: string }[] = [];
  // A map goes on while it grows.
  for (const module of modules.values())
    for (const call of module.calls.values()) {
      const source = call.source === undefined ? undefined : parseModuleSource(call.source);
      if (source?.kind !== 'local') {
        remote.push({ module, call });
        continue;
      }
      const child = localModulePath(module.path, source.path);
      if (modules.has(child)) continue;
      const loaded = loader.load(view, child);
      if (loaded === undefined) missing.push({ module, call, path: child });
      else modules.set(child, loaded);
    }
  return { digest: digestOfFolders(view, [...modules.keys()]), modules: [...modules.values()], remote, missing };
}

function digestOfFolders(view: FileView, folders: readonly string[]): string {
  const files = new Set(folders.flatMap((folder) => sourceFiles(view, folder)));
  const lines = [...files].sort(byCodeUnit).map((file) => `${file}\n${view.digest(file) ?? ''}`);
  return sha256([filePlace(view.repo, folders[0] ?? ''), ...lines].join('\n'));
}

/** Every file of a module's folder and below, but not of modules that lie below it, nor what was downloaded. */
function sourceFiles(view: FileView, folder: string): readonly string[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  return view.list(folder).flatMap(({ name, kind }) => {
    const path = prefix + name;
    if (kind === 'file') return isState(name) ? [] : [path];
    const inner = view.list(path);
    if (downloaded.has(name) || inner.some((entry) => entry.kind === 'file' && isConfiguration(entry.name))) return [];
    return sourceFiles(view, path);
  });
}

function isState(name: string): boolean {
  return /\.tfstate(\.|$)|^crash\.log$|\.tfplan$/.test(name);
}
