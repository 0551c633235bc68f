import { join } from 'node:path';
import { KarmaError } from '../../model/errors.ts';
import { findEstateRoot } from '../../observe/estate/estate-root.ts';
import type { EngineContext } from '../context.ts';
import { readNamed } from '../named-files.ts';

/** Where accepted findings are kept unless a file is named: at the estate's root, wherever in it one stands. */
export function baselineOf({ request: { cwd, configFile } }: EngineContext): string {
  return join(findEstateRoot({ cwd, configFile }).folder, '.karma-baseline.json');
}

/** Fingerprints that a baseline accepts; without a name the estate's own, where it has one. @throws KARMA_UNREADABLE, KARMA_INPUT_INVALID */
export function readBaseline(context: EngineContext, file?: string): ReadonlySet<string> {
  const path = file ?? baselineOf(context);
  const text = readNamed(context, path);
  if (text === undefined) {
    if (file === undefined) return new Set();
    throw new KarmaError('KARMA_UNREADABLE', `there is no baseline ${file}`, {
      hint: '`karma check --write-baseline` makes one',
    });
  }
  try {
    const { accepted } = JSON.parse(text) as { accepted: { fingerprint: string }[] };
    return new Set(accepted.map(({ fingerprint }) => fingerprint));
  } catch (cause) {
    throw new KarmaError('KARMA_INPUT_INVALID', `${path} is no baseline`, {
      hint: 'write it anew: `karma check --write-baseline`',
      cause,
    });
  }
}
