import type { EngineContext } from './context.ts';

/**
 * Raised whenever an estate as it is would be read otherwise: a digest holds more, a rule finds more. What was kept under
 * another number is not believed.
 */
export const readingRevision = 18;

/** Which program reads, for the names of what is kept: a version of the package, and how that reads. */
export function readingOf({ version }: Pick<EngineContext, 'version'>): string {
  return `${version} ${readingRevision}`;
}
