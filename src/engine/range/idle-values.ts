import { at } from '../../graph/adjacency.ts';
import type { Idle } from '../../graph/impact-of-change/classify.ts';
import type { RangeEnd } from '../../graph/impact-of-change/range-end.ts';
import { runsPrograms as hasProgramsAround } from '../../graph/impact-of-change/same-module.ts';
import { type ModuleNode, modulesOf } from '../../infer/terraform/flow/module-tree.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentRow } from '../../model/component.ts';
import type { FileView } from '../../model/file-view.ts';
import type { ChangedModules } from './changed-modules.ts';
import { generates, hasCodeBeside } from './published.ts';

/**
 * Whether a value that a component is given differs and means nothing: its module declares no such variable, at neither end.
 * Of one that it declares the person who set it expects a run, used or not.
 */
export function idleValues(modules: ChangedModules, after: RangeEnd, view: FileView): Idle['value'] {
  return (row, claims, name) => {
    const seesMore = (claim: Claim | undefined) =>
      claim === undefined || generates(claim) || hasCodeBeside(claim, row) || hasProgramsAround(claim);
    if (row.module === '' || claims.some(seesMore)) return false;
    if (row.layout === 'adage' && !isHandedByName(claims, name, row, after)) return false;
    if (row.layout === 'terragrunt' && dependentsOf(row, after).some((claim) => readsInputs(claim, view))) return false;
    const found = modules.of(row.module, new Set());
    if (found === undefined || found.changes.everything || runsPrograms(found.after)) return false;
    const isDeclared = (variable: string) =>
      found.before.parts.has(`var.${variable}`) || found.after.parts.has(`var.${variable}`);
    if (row.layout === 'adage') return !isDeclared(name) && !isDeclared('config');
    // Terraform passes over what it is given in the environment and does not know; of a file of values it would speak.
    return !isDeclared(name) && row.layout === 'terragrunt';
  };
}

/** Claims of those that depend on a component. */
function dependentsOf({ id }: ComponentRow, { graph, claim }: RangeEnd): readonly (Claim | undefined)[] {
  const node = graph.node(id);
  if (node === undefined) return [];
  const { adjacency } = graph;
  const from: (Claim | undefined)[] = [];
  for (let slot = at(adjacency.inStart, node); slot < at(adjacency.inStart, node + 1); slot++)
    from.push(claim(graph.reference(at(adjacency.inEdges, slot)).from));
  return from;
}

/** Older Terragrunt hands on what a dependency is given, not its outputs alone. */
function readsInputs(claim: Claim | undefined, view: FileView): boolean {
  const files = Object.keys(claim?.readSet.files ?? {}).filter((file) => /\.hcl(?:\.json)?$/.test(file));
  return claim === undefined || files.some((file) => /\.inputs\b|"inputs"\]/.test(view.read(file) ?? ''));
}

/**
 * Whether a key of a config does nothing but set the variable of its name: the module publishes nothing by itself and reads no
 * config, no program stands around its run, nobody else reads the config, and the key names no other component.
 */
function isHandedByName(
  claims: readonly (Claim | undefined)[],
  name: string,
  { id }: ComponentRow,
  { graph }: RangeEnd,
): boolean {
  if (name.startsWith('$') || /nickname|path|src_/.test(name)) return false;
  const isPlain = (claim: Claim | undefined) =>
    claim?.run !== undefined && claim.run.selfPublishing !== true && (claim.run.steps ?? []).length === 0;
  if (!claims.every(isPlain)) return false;
  const node = graph.node(id);
  if (node === undefined) return false;
  const { adjacency } = graph;
  for (let slot = at(adjacency.inStart, node); slot < at(adjacency.inStart, node + 1); slot++) {
    const { consumesFrom, consumes } = graph.reference(at(adjacency.inEdges, slot));
    const runtimes = Object.keys(consumesFrom);
    if (runtimes.some((runtime) => runtime.endsWith('/config'))) return false;
    if (runtimes.length === 0 && consumes.length > 0) return false;
  }
  return true;
}

/** Programs see everything that Terraform is given. */
function runsPrograms(tree: ModuleNode): boolean {
  for (const { module } of modulesOf(tree))
    for (const { type, body } of module.resources.values())
      if (type === 'external' || body.blocks.some((block) => block.type === 'provisioner')) return true;
  return false;
}
