import type { Claim, ReadSet } from '../../model/claim.ts';
import { sha256 } from '../../model/digest.ts';
import type { Environment } from '../../model/file-view.ts';
import type { Seal } from '../../model/record.ts';

/** Environment values that evaluations asked for: name → sealed digest, or null when unset. They may be secret. */
export type SealedEnvironment = Readonly<Record<string, string | null>>;

/** A claim fit to be kept: what it read of the environment is a digest under the estate's key. */
export function sealedClaim(claim: Claim, seal: Seal): Claim {
  const names = Object.keys(claim.readSet.environment);
  // What is not set hides nothing.
  if (names.every((name) => claim.readSet.environment[name] === null)) return claim;
  const environment = Object.fromEntries(
    names.map((name) => {
      const digest = claim.readSet.environment[name] ?? null;
      return [name, digest === null ? null : seal(digest)];
    }),
  );
  return { ...claim, readSet: withEnvironment(claim.readSet, environment) };
}

function withEnvironment(readSet: ReadSet, environment: ReadSet['environment']): ReadSet {
  const { parameters, parts, listed } = readSet;
  if (parts === undefined && listed === undefined) return { ...readSet, environment };
  return {
    // What was not put together so far need not be for this.
    get files() {
      return readSet.files;
    },
    get folders() {
      return readSet.folders;
    },
    environment,
    parameters,
    ...(parts === undefined ? {} : { parts }),
    ...(listed === undefined ? {} : { listed }),
  };
}

/** What would be kept of a value as it is now. */
export function sealedValue(name: string, now: Environment, seal: Seal): string | null {
  const value = now[name];
  return value === undefined ? null : seal(sha256(value));
}

/** Whether environment values, kept as sealed digests, are as they were. */
export function environmentHolds(kept: SealedEnvironment, now: Environment, seal: Seal): boolean {
  return Object.keys(kept).every((name) => sealedValue(name, now, seal) === kept[name]);
}

/** Environment values that claims asked for, over all of them. */
export function environmentOf(claims: Iterable<Claim>): Record<string, string | null> {
  const environment: Record<string, string | null> = {};
  for (const { readSet } of claims) Object.assign(environment, readSet.environment);
  return environment;
}
