import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The program of a thread or of another process: as it stands in a checkout, or of the same name beside the bundle's parts. */
export function programFile(source: URL): string {
  const path = fileURLToPath(source);
  return existsSync(path) ? path : path.replace(/\.ts$/, '.js');
}
