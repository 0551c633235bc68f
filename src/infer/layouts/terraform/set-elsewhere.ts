import { namesSetIn } from '../../../hcl/set-names.ts';
import type { FileView } from '../../../model/file-view.ts';
import { isLoadedAlways } from './deployments.ts';

/**
 * Names of variables that something in a repository may set when a root module runs: a file of variables that no root module
 * reads by itself, a workflow or a script. The default of such a variable is no proof of its value.
 */
export interface SetElsewhere {
  /** Sorted. */
  for(root: Root): readonly string[];
}

export interface Root {
  readonly path: string;
  /** Files of variables that it reads, each for the deployment that it is of. */
  readonly varFiles: readonly string[];
  /** Of all its configuration. */
  readonly text: string;
}

interface Source {
  readonly path: string;
  readonly names: ReadonlySet<string>;
}

const varFile = /\.tfvars(\.json)?$/;
/** What hands variables to Terraform: workflows, scripts, and files of environment values. */
const script =
  /(^|\/)(\.github\/(workflows|actions)\/.+\.ya?ml|\.circleci\/.+|\.gitlab-ci[^/]*|\.gitlab\/.+\.ya?ml|\.buildkite\/.+|\.spacelift\/.+|\.(harness|semaphore|woodpecker|azuredevops|devcontainer)\/.+|env0\.ya?ml|\.?mise(\.\w+)*\.toml|devbox\.json|[^/]*pipelines?[^/]*(\/.+)?\.ya?ml|(ci|cd|deploy\w*|workflows|concourse|tekton|stacks)\/.*\.ya?ml|buildspec[^/]*|cloudbuild[^/]*|\.(travis|drone)\.ya?ml|jenkinsfile[^/]*|(gnu)?makefile|dockerfile[^/]*|(docker-)?compose[^/]*\.ya?ml|taskfile[^/]*|rakefile|justfile|package\.json|(atlantis|spacelift|\.terraform-version)[^/]*\.ya?ml|\.envrc|\.env(\.[^/]+)?|[^/]+\.(sh|bash|zsh|ps1|mk|cmd|bat|py|groovy|rb))$/i;
/** Variables of a workspace that Terraform itself sets. */
const workspaceVariable = /resource\s+"tfe_variable"\s+"[^"]*"\s*\{[^{}]*?\bkey\s*=\s*"([A-Za-z_][\w-]*)"/g;
/** Folders of others. */
const foreign = /(^|\/)(\.terraform|\.terragrunt-cache|node_modules|vendor)\//;

export function setElsewhere(view: FileView, roots: readonly Root[]): SetElsewhere {
  const folders = new Set(roots.map(({ path }) => path));
  const readBy = new Map<string, string[]>();
  for (const { path, varFiles } of roots)
    for (const file of varFiles) readBy.set(file, [...(readBy.get(file) ?? []), path]);
  const declaredIn = new Map(roots.map(({ path, text }) => [path, variablesIn(text)]));
  const everywhere = new Set<string>();
  for (const { text } of roots) for (const [, name = ''] of text.matchAll(workspaceVariable)) everywhere.add(name);
  const byOwner = new Map<string, Source[]>();
  for (const path of view.files()) {
    if (foreign.test(path) || !(varFile.test(path) || script.test(path)) || feedsItsFolder(path, folders)) continue;
    const names = new Set(view.setBeside?.(path) ?? namesOf(path, view.read(path) ?? ''));
    if (names.size === 0) continue;
    const owners = readBy.get(path) ?? ownersOf(folderOf(path), folders);
    for (const owner of owners) byOwner.set(owner, [...(byOwner.get(owner) ?? []), { path, names }]);
    // What no root module there knows is meant for another one.
    const isMeant = (name: string) => owners.some((owner) => declaredIn.get(owner)?.has(name));
    for (const name of names) if (!isMeant(name)) everywhere.add(name);
  }
  return {
    for: ({ path, varFiles, text }) => {
      const own = new Set(varFiles);
      // What lies with another root module is that one's, unless that one lies above.
      const above = foldersAround(path).flatMap((folder) => byOwner.get(folder) ?? []);
      const near = above.filter((source) => !own.has(source.path));
      const mayBeSet = (name: string) => everywhere.has(name) || near.some(({ names }) => names.has(name));
      return [...variablesIn(text)].filter(mayBeSet).sort();
    },
  };
}

/** In JSON every key that holds something may be one: the name of anything else is asked for by nobody. */
function variablesIn(text: string): ReadonlySet<string> {
  const found = [...text.matchAll(/^\s*variable\s+"?([\w-]+)"?\s*\{/gm)];
  if (/"variable"\s*:/.test(text)) found.push(...text.matchAll(/"([\w-]+)"\s*:\s*[[{]/g));
  return new Set(found.map(([, name = '']) => name));
}

/** What Terraform loads by itself where it lies: the root module there reads it, and nobody else. */
function feedsItsFolder(file: string, folders: ReadonlySet<string>): boolean {
  return varFile.test(file) && isLoadedAlways(file.slice(file.lastIndexOf('/') + 1)) && folders.has(folderOf(file));
}

function namesOf(path: string, text: string): ReadonlySet<string> {
  if (!varFile.test(path)) return handedIn(text);
  return namesSetIn(path, text);
}

/** A folder and those above it, the repository's root last. */
function foldersAround(folder: string): readonly string[] {
  return folder === '' ? [''] : [folder, ...foldersAround(folderOf(folder))];
}

/** The nearest root module around a folder; the repository's root is around everything, and says nothing. */
function ownersOf(folder: string, folders: ReadonlySet<string>): readonly string[] {
  for (let at = folder; at !== ''; at = folderOf(at)) if (folders.has(at)) return [at];
  return [];
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

function handedIn(text: string): Set<string> {
  const found = text.matchAll(/\bTF_VAR_([A-Za-z_][\w-]*)|-var["']?[=, ]\s*\\?["']?([A-Za-z_][\w-]*)\s*=/g);
  return new Set([...found].map(([, environment, given]) => environment ?? given ?? ''));
}
