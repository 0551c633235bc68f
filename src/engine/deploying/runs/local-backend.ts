import { lstatSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Where Terraform looks for a local state when no backend is set. */
const usual = { path: 'terraform.tfstate', workspace_dir: 'terraform.tfstate.d' } as const;

/**
 * The settings of a `local` backend as the module's own folder names the same files. `init` takes a state that lies where one
 * without a backend would for one to be moved into the backend, and empties it afterwards: also when both are one file under
 * two names, which it does not see. Under one name it does.
 *
 * What is not there yet, or is empty, keeps its own name: Terraform takes away an empty state that it made for its lock, which
 * would be the link in the checkout, and what it wrote next would stay there.
 */
export function asFolderNames(
  backendConfig: Readonly<Record<string, string>>,
  folder: string,
): Readonly<Record<string, string>> {
  const named = { ...backendConfig };
  for (const [setting, name] of Object.entries(usual)) {
    const here = join(folder, name);
    const told = named[setting];
    if (told !== undefined && holdsSomething(told) && (told === here || told === linkedTo(here))) named[setting] = name;
  }
  return named;
}

function holdsSomething(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && (found.isDirectory() || found.size > 0);
}

function linkedTo(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(path) : undefined;
}
