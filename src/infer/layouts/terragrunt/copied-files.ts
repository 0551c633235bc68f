import type { FileView } from '../../../model/file-view.ts';
import type { FileAccount } from '../../terraform/file-account.ts';

/** Terragrunt copies a unit's folder over its module, and leaves behind what is hidden. */
export function isCopied(name: string): boolean {
  return !name.startsWith('.') || name === '.terraform.lock.hcl';
}

/**
 * What is copied of a folder and those in it counts as read, each file on its own.
 * @param isPassedOver whether a file does not count, or a folder, whose path ends in `/`
 * @param withHidden where a unit says what else is copied
 */
export function copiesBelow(
  view: FileView,
  folder: string,
  account: FileAccount,
  isPassedOver: (path: string) => boolean,
  withHidden = false,
  depth = 0,
): void {
  for (const { name, kind } of view.list(folder)) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (!(withHidden ? name !== '.terragrunt-cache' && name !== '.terraform' : isCopied(name))) continue;
    if (kind === 'directory') {
      // Through a link it may come back to itself.
      if (depth < deepest && !isPassedOver(`${path}/`))
        copiesBelow(view, path, account, isPassedOver, withHidden, depth + 1);
    } else if (!isPassedOver(path) && view.isFile(path)) account.file(view, path);
  }
}

const deepest = 30;
