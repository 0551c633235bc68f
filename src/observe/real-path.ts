import { realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';

/** A path with what exists of it resolved: links lead where they lead. One to nothing is where it is. */
export function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(realPath(above), basename(path));
  }
}

/** Whether a path is a folder or lies in it, as both are written: resolve them first. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
