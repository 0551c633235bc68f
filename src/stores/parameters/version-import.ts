import type { ImportedVersion, ParameterVersion } from './port.ts';

/** A version that one store answered, for another to take in. */
export function toImport({ value, digest, ...rest }: ParameterVersion): ImportedVersion {
  return value === undefined ? { ...rest, digest } : { ...rest, value };
}
