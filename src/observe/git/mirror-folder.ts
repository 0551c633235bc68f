import { join } from 'node:path';
import { sha256 } from '../../model/digest.ts';

/** Where the mirror of a repository elsewhere lies below a folder of mirrors, whether it was fetched yet or not. */
export function mirrorFolder(mirrors: string, url: string): string {
  return join(mirrors, `${sha256(url).slice(0, 20)}.git`);
}
