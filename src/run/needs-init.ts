import type { Block, HclFile } from '../hcl/tree.ts';

/**
 * Whether `terraform init` is needed, told from the root module's own files: it is as soon as there is a backend, a called
 * module or a provider that is not built in. Without it a run of built-in resources saves a process and leaves no folder.
 * Where this is wrong, Terraform says so and `init` is run then.
 */
export interface InitNeeds {
  readonly needed: boolean;
  /** In words, for the log: `calls module net`. Sorted. */
  readonly reasons: readonly string[];
  /** The backend's type; undefined when the state is a local file beside the module. */
  readonly backend: string | undefined;
  /** A `local` backend's path as written, when it is a plain text. */
  readonly localPath: string | undefined;
  /** A `local` backend's folder for other workspaces' states, as written. */
  readonly workspaceDir?: string | undefined;
  /** Whether any provider comes from a registry: only then there is a lock file to keep. */
  readonly providers: boolean;
}

const builtIn = 'terraform';

export function initNeeds(files: readonly HclFile[]): InitNeeds {
  const reasons = new Set<string>();
  let backend: string | undefined;
  let localPath: string | undefined;
  let workspaceDir: string | undefined;
  let providers = false;
  for (const block of files.flatMap((file) => file.body.blocks)) {
    for (const inner of block.type === 'terraform' ? block.body.blocks : []) {
      if (inner.type === 'backend' || inner.type === 'cloud') {
        backend = inner.type === 'cloud' ? 'cloud' : (inner.labels[0] ?? '');
        localPath = backend === 'local' ? textOf(inner, 'path') : localPath;
        workspaceDir = backend === 'local' ? textOf(inner, 'workspace_dir') : workspaceDir;
        reasons.add(`has the backend ${backend}`);
      }
      if (inner.type === 'required_providers' && [...inner.body.attributes.keys()].some((name) => name !== builtIn)) {
        providers = true;
        reasons.add('requires providers');
      }
    }
    if (block.type === 'module') reasons.add(`calls module ${block.labels[0] ?? ''}`);
    if (usesProvider(block)) {
      providers = true;
      reasons.add(`uses the provider ${providerOf(block)}`);
    }
  }
  return { needed: reasons.size > 0, reasons: [...reasons].sort(), backend, localPath, workspaceDir, providers };
}

function usesProvider(block: Block): boolean {
  return ['resource', 'data', 'ephemeral', 'provider'].includes(block.type) && providerOf(block) !== builtIn;
}

/** `aws_vpc` belongs to `aws`; `provider "aws"` names it. */
function providerOf(block: Block): string {
  return (block.labels[0] ?? '').split('_')[0] ?? '';
}

function textOf(block: Block, name: string): string | undefined {
  const value = block.body.attributes.get(name)?.value;
  if (value?.kind === 'literal') return typeof value.value === 'string' ? value.value : undefined;
  const part = value?.kind === 'template' && value.parts.length === 1 ? value.parts[0] : undefined;
  return part?.kind === 'text' ? part.text : undefined;
}
