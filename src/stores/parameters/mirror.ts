import type { ImportedVersion, ParameterStore, ParameterVersion } from './port.ts';

/** What a mirroring took over. */
export interface Mirrored {
  readonly parameters: number;
  readonly versions: number;
}

/**
 * Copies history out before AWS forgets it (it keeps a hundred versions), one call for each parameter that moved since. Of
 * SecureStrings the digests go over, as the source gives them.
 */
export async function mirrorHistory(from: ParameterStore, to: ParameterStore, path: string): Promise<Mirrored> {
  if (to.importVersions === undefined) return { parameters: 0, versions: 0 };
  let parameters = 0;
  let versions = 0;
  for (const parameter of await from.list({ path })) {
    const known = await to.get(parameter.name);
    if (known?.version === parameter.version) continue;
    const history = await from.history(parameter.name);
    const { added } = await to.importVersions(history.map(toImport));
    parameters += 1;
    versions += added;
  }
  return { parameters, versions };
}

/** A version that one store answered, for another to take in. */
export function toImport({ value, digest, ...rest }: ParameterVersion): ImportedVersion {
  return value === undefined ? { ...rest, digest } : { ...rest, value };
}
