import type { FileView } from '../../../model/file-view.ts';
import { filePlace } from '../../../model/file-view.ts';
import type { Module } from '../../terraform/module.ts';
import { deploymentFiles } from './deployments.ts';
import { VarFiles } from './var-files.ts';

export interface ValuePlace {
  readonly file: string;
  readonly line: number;
}

/**
 * Where each variable of a root module is set for one deployment, the place that counts first: files of variables as Terraform
 * reads them, the last one wins, and the default under them all.
 */
export function placesOfVariables(
  view: FileView,
  module: Module,
  { deployment, patterns = [] }: { readonly deployment: string; readonly patterns?: readonly string[] | undefined },
): ReadonlyMap<string, readonly ValuePlace[]> {
  const places = new Map<string, ValuePlace[]>();
  const files = deploymentFiles(view, module.path, patterns);
  const reader = new VarFiles();
  const { varFiles = [] } = files.find(({ name }) => name === deployment) ?? {};
  for (const variable of module.variables.values())
    places.set(variable.name, variable.default === undefined ? [] : [{ file: variable.file, line: variable.at.line }]);
  for (const path of varFiles)
    for (const { name, at } of reader.parsed(view, path)?.body.attributes.values() ?? [])
      places.get(name)?.unshift({ file: filePlace(view.repo, path), line: at.line });
  return places;
}
