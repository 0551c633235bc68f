import { lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DeployFacts } from '../deploy-facts.ts';
import type { ModuleFolder } from './module-folder.ts';

/**
 * Roots that read each other's local states name them relative to their own folder. A checkout holds no states, so each one
 * that the estate knows of is linked to where it has always been, with the folder of its workspaces.
 */
export async function linkStates(facts: DeployFacts, module: ModuleFolder): Promise<void> {
  const { place } = module;
  if (place.commit === undefined || place.bare || linked.has(place.folder)) return;
  linked.add(place.folder);
  for (const { row, addresses } of facts.components.values()) {
    if (row.layout === 'adage' || row.external || row.path.includes(':') !== (module.repo !== '')) continue;
    for (const address of addresses) {
      if (!address.startsWith('local:') || address.startsWith('local:/')) continue;
      const path = address.slice('local:'.length);
      link(join(place.original, path), join(place.folder, path));
    }
    const folder = row.path.slice(row.path.indexOf(':') + 1);
    for (const workspaces of [join(folder, 'terraform.tfstate.d'), ...workspaceFolders(facts, row.module, folder)])
      link(join(place.original, workspaces), join(place.folder, workspaces));
  }
}

/** Checkouts whose states are linked: once each. */
const linked = new Set<string>();

/** What is not there yet is linked too: a run of this deploy may make it. */
function link(from: string, to: string): void {
  if (isThere(to)) return;
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(from, to);
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** `workspace_dir` of a local backend. */
function workspaceFolders({ estate }: DeployFacts, module: string, folder: string): readonly string[] {
  const colon = module.indexOf(':');
  const view = estate.view.repos.get(colon < 0 ? '' : module.slice(0, colon));
  const found: string[] = [];
  for (const { name, kind } of view?.list(module.slice(colon + 1)) ?? []) {
    if (kind !== 'file' || !name.endsWith('.tf')) continue;
    const text = view?.read(join(module.slice(colon + 1), name)) ?? '';
    const written = /backend\s+"?local"?\s*\{[^}]*?\bworkspace_dir\s*=\s*"([^"]*)"/.exec(text)?.[1];
    if (written !== undefined && !written.startsWith('/')) found.push(join(folder, written));
  }
  return found;
}
