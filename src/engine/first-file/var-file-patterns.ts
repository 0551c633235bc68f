import { deploymentFiles } from '../../infer/layouts/terraform/deployments.ts';
import { byCodeUnit, canonicalJson } from '../../model/digest.ts';
import type { FileView } from '../../model/file-view.ts';

/** An entry of `terraform.varFiles:`, with the deployments that it makes. */
export interface VarFilePattern {
  readonly pattern: string;
  /** By root module. */
  readonly deployments: ReadonlyMap<string, readonly string[]>;
}

/**
 * Patterns that say of every root module what is found by habit: the same deployments with the same files. Nothing where
 * patterns cannot say it, since given ones take the place of all habits.
 */
export function varFilePatterns(view: FileView, roots: readonly string[]): readonly VarFilePattern[] {
  const made = new Map<string, Map<string, string[]>>();
  for (const root of roots)
    for (const { name, varFiles, backendFiles } of deploymentFiles(view, root)) {
      if (name === '') continue;
      for (const file of [...varFiles, ...backendFiles]) {
        const pattern = patternOf(root, file, name);
        if (pattern === undefined) continue;
        const byRoot = made.get(pattern) ?? new Map<string, string[]>();
        byRoot.set(root, [...new Set([...(byRoot.get(root) ?? []), name])]);
        made.set(pattern, byRoot);
      }
    }
  const patterns = [...made.keys()].sort(byCodeUnit);
  const says = (given: readonly string[]) => canonicalJson(roots.map((root) => deploymentFiles(view, root, given)));
  if (patterns.length === 0 || says(patterns) !== says([])) return [];
  return patterns.map((pattern) => ({ pattern, deployments: made.get(pattern) ?? new Map() }));
}

/** `envs/prod.tfvars` of `prod` → `envs/{environment}.tfvars`; undefined where the name does not stand in the path once. */
function patternOf(root: string, file: string, name: string): string | undefined {
  const prefix = root === '' ? '' : `${root}/`;
  if (!file.startsWith(prefix)) return undefined;
  const inside = file.slice(prefix.length);
  const parts = inside.split(name);
  return parts.length === 2 ? parts.join('{environment}') : undefined;
}
