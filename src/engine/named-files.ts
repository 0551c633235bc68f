import { findEstateRoot } from '../observe/estate/estate-root.ts';
import { makeOwnFolder, readOwnFile, writeOwnFile } from '../observe/estate/own-file.ts';
import type { EngineContext } from './context.ts';

type Asked = Pick<EngineContext, 'request'>;

/** The text of a file of the estate, or of one that a person named; undefined where there is none. @throws KARMA_UNREADABLE */
export function readNamed(context: Asked, file: string): string | undefined {
  return readOwnFile(file, topOf(context));
}

/** Writes a file that a person named; not through a link that leads out of the estate. @throws KARMA_UNREADABLE, KARMA_REFUSED */
export function writeNamed(context: Asked, file: string, text: string): void {
  writeOwnFile(file, text, topOf(context));
}

/** Makes a folder that a person named, with those above it. @throws KARMA_UNREADABLE, KARMA_REFUSED */
export function makeNamed(context: Asked, folder: string): void {
  makeOwnFolder(folder, topOf(context));
}

function topOf({ request: { cwd, configFile } }: Asked): string {
  const root = findEstateRoot({ cwd, configFile });
  return root.repository === undefined || root.repository.bare ? root.folder : root.repository.root;
}
