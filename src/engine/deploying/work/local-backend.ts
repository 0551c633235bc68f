import { lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Where Terraform looks for a local state when no backend is set. */
const usual = { path: 'terraform.tfstate', workspace_dir: 'terraform.tfstate.d' } as const;

/**
 * The settings of a `local` backend as the module's own folder names the same files. `init` takes a state that lies where one
 * without a backend would for one to be moved into the backend, and empties it afterwards: also when both are one file under
 * two names, which it does not see. Under one name it does.
 */
export function asFolderNames(
  backendConfig: Readonly<Record<string, string>>,
  folder: string,
): Readonly<Record<string, string>> {
  const named = { ...backendConfig };
  for (const [setting, name] of Object.entries(usual)) {
    const here = join(folder, name);
    const told = named[setting];
    if (told !== undefined && (told === here || told === linkedTo(here))) named[setting] = name;
  }
  return named;
}

function linkedTo(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(path) : undefined;
}
