import type { IdleValue } from '../../graph/impact-of-change/classify.ts';
import { type ModuleNode, modulesOf } from '../../infer/terraform/flow/module-tree.ts';
import { isUnknownValue } from '../../model/evaluated.ts';
import type { ChangedModules } from './changed-modules.ts';
import { generates } from './published.ts';

/**
 * Whether a value that a component is given differs and means nothing: its module declares no such variable, at neither end,
 * or declares one that nothing uses and that takes the new value as it took the old one.
 */
export function idleValues(modules: ChangedModules): IdleValue {
  return (row, claims, name, [before, after]) => {
    if (row.layout === 'adage' || row.module === '' || claims.some((claim) => claim === undefined || generates(claim)))
      return false;
    const found = modules.of(row.module, new Set());
    if (found === undefined || found.changes.everything || runsPrograms(found.after)) return false;
    const [was, is] = [found.before.parts.has(`var.${name}`), found.after.parts.has(`var.${name}`)];
    // Terraform passes over what it is given in the environment and does not know; of a file of values it would speak.
    if (!was && !is) return row.layout === 'terragrunt';
    if (!was || !is || !isAlike(before, after)) return false;
    const reached = found.spread.from({ parts: [`var.${name}`] }, false);
    return reached?.size === 1;
  };
}

/** Programs see everything that Terraform is given. */
function runsPrograms(tree: ModuleNode): boolean {
  for (const { module } of modulesOf(tree))
    for (const { type, body } of module.resources.values())
      if (type === 'external' || body.blocks.some((block) => block.type === 'provisioner')) return true;
  return false;
}

/** Of one type, whatever the constraint says. */
function isAlike(a: unknown, b: unknown): boolean {
  if (isUnknownValue(a) || isUnknownValue(b) || a === null || b === null || typeof a !== typeof b) return false;
  if (typeof a !== 'object' || typeof b !== 'object') return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b)) return false;
    const [first] = [...a, ...b];
    return [...a, ...b].every((one) => isAlike(first, one));
  }
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every(
    (key) =>
      Object.hasOwn(a, key) &&
      Object.hasOwn(b, key) &&
      isAlike((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}
