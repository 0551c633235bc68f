import { parseHcl } from '../../hcl/parse.ts';
import { isConfiguration } from '../../infer/terraform/module-files.ts';
import { localModulePath } from '../../infer/terraform/module-source.ts';
import type { FileView } from '../../model/file-view.ts';
import type { LockFile } from '../../model/record.ts';
import { initNeeds } from '../../run/needs-init.ts';

const name = '.terraform.lock.hcl';

/**
 * The provider lock file that a run in a folder is held to: its digest, `null` when one is needed and missing, `not-needed` when
 * the module and those it calls in its repository use only what Terraform has built in.
 */
export function lockFileOf(view: FileView, folder: string): LockFile {
  const digest = view.digest(folder === '' ? name : `${folder}/${name}`);
  if (digest !== undefined) return digest;
  return usesProviders(view, folder, new Set()) ? null : 'not-needed';
}

/** A module that lies elsewhere may use anything. The grammar must be loaded. */
function usesProviders(view: FileView, folder: string, seen: Set<string>): boolean {
  if (seen.has(folder)) return false;
  seen.add(folder);
  const files = view
    .list(folder)
    .filter(({ name: file, kind }) => kind === 'file' && isConfiguration(file))
    .map(({ name: file }) => view.read(folder === '' ? file : `${folder}/${file}`) ?? '');
  if (files.length === 0) return true;
  const json = files.some((text) => text.trimStart().startsWith('{'));
  if (json || initNeeds(files.map((text) => parseHcl(text))).providers) return true;
  const sources = files.flatMap((text) =>
    [...text.matchAll(/^\s*source\s*=\s*"([^"]*)"/gm)].map(([, source = '']) => source),
  );
  return sources.some(
    (source) => !/^\.{1,2}\//.test(source) || usesProviders(view, localModulePath(folder, source), seen),
  );
}
