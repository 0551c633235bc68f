import { estateRoot } from './file-account.ts';

/** Where a module comes from, as its `source` argument says. */
export type ModuleSource =
  /** A folder of the same repository, from the calling module's folder. */
  | { readonly kind: 'local'; readonly path: string }
  /** A Git repository, with the folder in it and the ref, as written. */
  | { readonly kind: 'git'; readonly url: string; readonly folder: string; readonly ref: string | undefined }
  /** A Terraform registry: `namespace/name/provider`, perhaps with a host before and a folder behind. */
  | { readonly kind: 'registry'; readonly address: string; readonly folder: string }
  | { readonly kind: 'other'; readonly url: string };

export function parseModuleSource(source: string): ModuleSource {
  if (source.startsWith('./') || source.startsWith('../') || source === '.' || source === '..')
    return { kind: 'local', path: source };
  if (source.startsWith('/')) return { kind: 'other', url: source };
  const git = gitUrl(source);
  if (git !== undefined) return gitSource(git);
  const [address = '', folder = ''] = split(source);
  if (/^([a-z0-9.-]+(:\d+)?\/)?[\w-]+\/[\w-]+\/[\w-]+$/i.test(address) && !/^[a-z0-9]+::/.test(source))
    return { kind: 'registry', address, folder };
  return { kind: 'other', url: source };
}

function gitUrl(source: string): string | undefined {
  if (source.startsWith('git::')) return source.slice('git::'.length);
  if (/^(github\.com|bitbucket\.org|gitlab\.com)\//.test(source)) return `https://${source}`;
  if (/^git@[^/]+:/.test(source)) return source;
  return /^(https?|ssh):\/\/.*\.git(\/\/|\?|$)/.test(source) ? source : undefined;
}

function gitSource(written: string): ModuleSource {
  const [withFolder = '', query = ''] = written.split('?');
  const [url = '', folder = ''] = split(withFolder);
  const ref = new URLSearchParams(query).get('ref');
  return { kind: 'git', url, folder, ref: ref === null || ref === '' ? undefined : ref };
}

/** `//` parts the package from the folder in it, but not behind a scheme. */
function split(written: string): readonly [string, string] {
  const from = written.indexOf('://');
  const at = written.indexOf('//', from < 0 ? 0 : from + 3);
  return at < 0 ? [written, ''] : [written.slice(0, at), written.slice(at + 2).replace(/\/+$/, '')];
}

/**
 * Whether the same source may be another module tomorrow: a Git ref that is no commit and no version tag, a registry version
 * that is a range, an archive.
 */
export function isFloating(source: ModuleSource, version: string | undefined): boolean {
  if (source.kind === 'local') return false;
  if (source.kind === 'git')
    return (
      source.ref === undefined ||
      !/^([0-9a-f]{7,64}|v?\d+(\.\d+)+([-+.].*)?|.*[-_/]v?\d+\.\d+(\.\d+)?)$/i.test(source.ref)
    );
  if (source.kind === 'registry')
    return version === undefined || !/^\s*=?\s*v?\d+\.\d+\.\d+([-+].*)?\s*$/.test(version);
  return true;
}

/** The folder of a local source, as it is written or as evaluation gives it; undefined for any other. */
export function localSourcePath(from: string, source: string): string | undefined {
  if (source === estateRoot || source.startsWith(`${estateRoot}/`))
    return localModulePath('', source.slice(estateRoot.length));
  const parsed = parseModuleSource(source);
  return parsed.kind === 'local' ? localModulePath(from, parsed.path) : undefined;
}

/** A local source's folder from the repository's root; one that leaves it begins with `..`, and the view decides. */
export function localModulePath(from: string, path: string): string {
  const parts = from === '' ? [] : from.split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || parts.length === 0 || parts[parts.length - 1] === '..') parts.push(part);
    else parts.pop();
  }
  return parts.join('/');
}
