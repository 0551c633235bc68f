import type { IdleValue } from '../../graph/impact-of-change/classify.ts';
import { type ModuleNode, modulesOf } from '../../infer/terraform/flow/module-tree.ts';
import type { ChangedModules } from './changed-modules.ts';
import { generates } from './published.ts';

/**
 * Whether a value that a component is given differs and means nothing: its module declares no such variable, at neither end.
 * Of one that it declares the person who set it expects a run, used or not.
 */
export function idleValues(modules: ChangedModules): IdleValue {
  return (row, claims, name) => {
    if (row.layout === 'adage' || row.module === '' || claims.some((claim) => claim === undefined || generates(claim)))
      return false;
    const found = modules.of(row.module, new Set());
    if (found === undefined || found.changes.everything || runsPrograms(found.after)) return false;
    const [was, is] = [found.before.parts.has(`var.${name}`), found.after.parts.has(`var.${name}`)];
    // Terraform passes over what it is given in the environment and does not know; of a file of values it would speak.
    return !was && !is && row.layout === 'terragrunt';
  };
}

/** Programs see everything that Terraform is given. */
function runsPrograms(tree: ModuleNode): boolean {
  for (const { module } of modulesOf(tree))
    for (const { type, body } of module.resources.values())
      if (type === 'external' || body.blocks.some((block) => block.type === 'provisioner')) return true;
  return false;
}
