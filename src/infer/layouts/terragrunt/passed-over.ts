const ignored: ReadonlySet<string> = new Set(['.git', '.terraform', '.terragrunt-cache']);

/** The folder on a path that Terragrunt never looks into; other hidden folders count. Undefined when there is none. */
export function passedOverFolder(path: string): string | undefined {
  if (!path.includes('.git/') && !path.includes('.terra')) return undefined;
  const parts = path.split('/');
  const at = parts.slice(0, -1).findIndex((part) => ignored.has(part));
  return at < 0 ? undefined : parts.slice(0, at + 1).join('/');
}
