import { namesEnvironment, withName } from '../../graph/objects/names.ts';
import { deploymentFiles } from '../../infer/layouts/terraform/deployments.ts';
import type { ComponentRow } from '../../model/component.ts';
import type { EstateView } from '../../model/estate.ts';

/** A file that is an object's own in its environment, and what it is called in any: from its folder, without its environment. */
export interface OwnFile {
  readonly path: string;
  readonly name: string;
}

const downloaded = /(?:^|\/)(?:\.terraform|\.terragrunt-cache|\.git)(?:\/|$)|\.tfstate(?:\.|$)|\.tfplan$/;

/**
 * The files of a component below its folder, or those of one of its deployments that are called after it.
 * @param deeper folders of other components within it
 */
export function ownFilesOf(
  { main, settings }: EstateView,
  row: ComponentRow,
  deployment: string,
  deeper: readonly string[] = [],
): readonly OwnFile[] {
  if (row.path.includes(':')) return [];
  if (deployment === '')
    return main
      .files(row.path)
      .filter((path) => !downloaded.test(path) && !deeper.some((folder) => path.startsWith(`${folder}/`)))
      .map((path) => ({ path, name: row.path === '' ? path : path.slice(row.path.length + 1) }));
  const found = deploymentFiles(main, row.path, settings.varFiles).find(({ name }) => name === deployment);
  return [...(found?.varFiles ?? []), ...(found?.backendFiles ?? [])].flatMap((path) => {
    const name = nameWithout(path, deployment);
    return name === undefined ? [] : [{ path, name }];
  });
}

/** The path with `*` for the name of the deployment in its last step that holds it; undefined where none does. */
export function nameWithout(path: string, deployment: string): string | undefined {
  const steps = path.split('/');
  const at = steps.findLastIndex((step) => namesEnvironment(step, deployment));
  return at < 0 ? undefined : steps.with(at, withName(steps[at] ?? '', deployment, '*')).join('/');
}
