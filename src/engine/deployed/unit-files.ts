import type { FileView } from '../../model/file-view.ts';

const unitFile = /(^|\/)terragrunt(\.stack)?\.(hcl|hcl\.json)$/;
/** What runs leave beside a unit, and what is looked at by itself. */
const passedOver = /(^|\/)(\.[^/]*|[^/]*\.tfstate(\.backup)?)(\/|$)/;

/**
 * What lies beside a unit's own file, with its digest: Terragrunt copies all of it over the module before it runs, so a `.tf` or
 * `.tfvars` file there is part of what runs. Folders that are units themselves are not. Sorted by path.
 */
export function filesBesideUnit(view: FileView, folder: string): readonly (readonly [string, string])[] {
  if (!view.isDirectory(folder)) return [];
  const under = folder === '' ? '' : `${folder}/`;
  const all = view.files(folder).map((path) => path.slice(under.length));
  const units = all.filter((path) => unitFile.test(path)).map((path) => path.replace(unitFile, ''));
  const inner = units.filter((unit) => unit !== '').map((unit) => `${unit}/`);
  // Where units lie below, the folder is a level of the estate and no unit that Terragrunt copies whole.
  return all
    .filter((path) => !unitFile.test(path) && !passedOver.test(path))
    .filter((path) => !inner.some((unit) => path.startsWith(unit)))
    .flatMap((path) => {
      const digest = view.digest(`${under}${path}`);
      return digest === undefined ? [] : [[path, digest] as const];
    });
}
