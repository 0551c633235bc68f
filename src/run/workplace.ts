import { createHash } from 'node:crypto';
import { basename, isAbsolute, join } from 'node:path';
import type { InitNeeds } from './needs-init.ts';
import type { RunJob } from './port.ts';

/**
 * Where a module runs and where its state lies. State stays where it always was: a backend is the module's own, a local state
 * beside a root module is used there though the run happens in a checkout; only for a module that Karma itself instantiates
 * (several components share its folder, so no state can lie beside it) the state is kept in the data folder.
 */
export interface WorkplaceOptions {
  /** Karma's data folder. */
  readonly data: string;
  /** `component` or `component@deployment`. */
  readonly key: string;
  /** Where the run happens: the module's folder in the checkout, or as it is. */
  readonly folder: string;
  /** The module's folder in the tree people work in: where a local state has always been. */
  readonly original: string;
  /** Whether the module is a root of its own, or one that Karma hands each component its variables. */
  readonly root: boolean;
  readonly needs: InitNeeds;
  readonly workspace?: string;
}

export type Workplace = Pick<RunJob, 'folder' | 'dataFolder' | 'init'> &
  Partial<Pick<RunJob, 'state' | 'workspace' | 'backendConfig'>>;

export function workplaceOf(options: WorkplaceOptions): Workplace {
  const { folder, needs, workspace } = options;
  const dataFolder = join(options.data, 'terraform', fileNameOf(options.key));
  const place = { folder, dataFolder, init: needs.needed };
  const named = workspace === undefined || workspace === 'default' ? undefined : workspace;
  if (needs.backend === undefined) return { ...place, state: localState(options, 'terraform.tfstate', named) };
  const inWorkspace = named === undefined ? {} : { workspace: named };
  if (needs.backend !== 'local') return { ...place, ...inWorkspace };
  // A relative path would lead into the checkout, and the state would go with it.
  const at = (path: string) => (isAbsolute(path) ? path : join(options.original, path));
  const path = at(needs.localPath ?? 'terraform.tfstate');
  const workspaces = at(needs.workspaceDir ?? 'terraform.tfstate.d');
  return { ...place, ...inWorkspace, backendConfig: { path, workspace_dir: workspaces } };
}

/** The local file a workplace's state lies in; undefined when a backend keeps it elsewhere. */
export function stateFileOf({ state, workspace, backendConfig }: Workplace): string | undefined {
  if (state !== undefined) return state;
  const { path, workspace_dir: folder } = backendConfig ?? {};
  if (path === undefined || folder === undefined) return undefined;
  return workspace === undefined ? path : join(folder, workspace, 'terraform.tfstate');
}

/** Terraform keeps other workspaces' states in a folder of their own. */
function localState(options: WorkplaceOptions, name: string, workspace: string | undefined): string {
  if (!options.root) return join(options.data, 'state', fileNameOf(options.key), name);
  return workspace === undefined
    ? join(options.original, name)
    : join(options.original, 'terraform.tfstate.d', workspace, name);
}

/** A key as one folder's name: readable, and never two keys in one. */
export function fileNameOf(key: string): string {
  const readable = key.replaceAll('/', '~').replaceAll(/[^A-Za-z0-9._~@-]/g, '_');
  const plain = readable.replaceAll('~', '/') === key && readable.length <= 120 && basename(readable) === readable;
  if (plain && readable !== '.' && readable !== '..') return readable;
  return `${readable.slice(0, 100)}-${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
}
