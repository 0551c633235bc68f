import { unknownFrom } from '../value.ts';
import type { FunctionTable } from './define.ts';
import { many, raw } from './define.ts';

/** What differs from run to run, or needs a key that Karma does not hold: unknown, always. */
const opaque = (min: number, max: number, reason: string) => raw(min, max, (args) => unknownFrom(reason, ...args));

export const opaqueFunctions: FunctionTable = {
  uuid: opaque(0, 0, 'uuid differs in each run'),
  timestamp: opaque(0, 0, 'timestamp differs in each run'),
  plantimestamp: opaque(0, 0, 'plantimestamp differs in each run'),
  bcrypt: opaque(1, 2, 'bcrypt differs in each run'),
  rsadecrypt: opaque(2, 2, 'rsadecrypt handles a secret'),
  // Of OpenTofu.
  cidrcontains: opaque(2, 2, 'cidrcontains is not computed'),
  ephemeralasnull: opaque(1, many, 'an ephemeral value is known in a run only'),
};
