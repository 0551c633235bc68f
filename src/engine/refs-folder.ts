import { findEstateRoot } from '../observe/estate/estate-root.ts';
import type { EngineContext } from './context.ts';

/** Where Git keeps the refs of the estate's repository, for who waits until one moves; undefined outside of Git. */
export function refsFolderOf({ request: { cwd, configFile } }: EngineContext): string | undefined {
  return findEstateRoot({ cwd, configFile }).repository?.commonDir;
}
