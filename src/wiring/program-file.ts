import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The program of a thread or of another process: as it stands in a checkout, or of the same name beside the bundle's parts.
 * Undefined where this program is one file: then all is done in one process.
 */
export function programFile(source: URL): string | undefined {
  const path = fileURLToPath(source);
  return [path, path.replace(/\.ts$/, '.js')].find((one) => existsSync(one));
}
