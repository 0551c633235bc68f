import { byCodeUnit } from '../../model/digest.ts';
import type { FileView } from '../../model/file-view.ts';

/** The configuration files of a module folder, in Terraform's order: others by name, then override files by name. */
export function moduleFiles(view: FileView, folder: string): readonly string[] {
  const names = view
    .list(folder)
    .filter((entry) => entry.kind === 'file' && isConfiguration(entry.name))
    .map((entry) => entry.name);
  const present = new Set(names);
  const chosen = names.filter((name) => !present.has(openTofuTwin(name)));
  const paths = chosen.sort((a, b) => Number(isOverride(a)) - Number(isOverride(b)) || byCodeUnit(a, b));
  return paths.map((name) => (folder === '' ? name : `${folder}/${name}`));
}

/** `.tf` and OpenTofu's `.tofu`, native or JSON; not what editors leave behind. */
export function isConfiguration(name: string): boolean {
  return /\.(tf|tofu)(\.json)?$/.test(name) && !/^\.|~$|^#.*#$/.test(name);
}

/** `x.tofu` stands in for `x.tf` beside it. */
function openTofuTwin(name: string): string {
  return name.replace(/\.tf(\.json)?$/, '.tofu$1').replace(/^(.*\.tofu(\.json)?)$/, (all) => (all === name ? '' : all));
}

export function isOverride(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return /(^|_)override\.(tf|tofu)(\.json)?$/.test(name);
}
