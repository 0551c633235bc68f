/** A folder that only says which edition of a module it holds: `v2`, `1.4.0`. */
const edition = /^v?\d+(?:[._-]\d+)*$/i;

/**
 * What people call a module: the last step of its path that says what it is. `modules/vpc/v2` is a `vpc`, and of
 * `cloud-run.git//modules/v2` only the repository says it.
 * @param whole what holds the path, such as a repository's address
 */
export function moduleName(path: string, whole = ''): string {
  const steps = path.split('/').filter((step) => step !== '');
  const named = steps.filter((step) => !edition.test(step));
  const last = named.at(-1);
  // A folder that held nothing but editions names no module.
  const says = last !== undefined && !(named.length < steps.length && /^modules?$/i.test(last)) ? last : undefined;
  return says ?? (lastStep(whole) || steps.at(-1) || path);
}

function lastStep(address: string): string {
  return (
    address
      .replace(/\.git$/, '')
      .split('/')
      .at(-1) ?? ''
  );
}
