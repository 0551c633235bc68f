import type { HeldFence } from '../ledger/port.ts';

/**
 * A Parameter Store, one per binding. Values of SecureStrings never pass this port: `value` is undefined and `digest` is
 * keyed, so that equality can still be seen.
 */
export interface ParameterStore {
  readonly binding: string;
  /** Parameters whose name is `path` or lies below it, sorted by name by code unit, paged by `after` (a name, exclusive). */
  list(query: {
    readonly path: string;
    readonly after?: string;
    readonly limit?: number;
  }): Promise<readonly Parameter[]>;
  get(name: string): Promise<Parameter | undefined>;
  /**
   * Writes a new version. With `expectVersion` only when that is still the newest one (0: it must not exist).
   * @returns the new version's number, or `conflict`.
   */
  put(write: ParameterWrite): Promise<number | 'conflict'>;
  /** From now on refuses writes under an older fence. Only a store that can remember fences has it. */
  raiseFences?(held: readonly HeldFence[]): Promise<void>;
  /** Every kept version, oldest first. */
  history(name: string): Promise<readonly ParameterVersion[]>;
  /** Takes versions as they are, numbers and times included. Only a store that keeps history itself has it. */
  importVersions?(versions: readonly ImportedVersion[]): Promise<ImportOutcome>;
  close(): Promise<void>;
}

export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly version: number;
  /** Undefined for a SecureString. */
  readonly value: string | undefined;
  /** SHA-256 of the value; keyed (HMAC) for a SecureString, then prefixed with the key's id and a colon. */
  readonly digest: string;
  /** ISO 8601, UTC. */
  readonly modifiedAt: string;
  readonly modifiedBy: string;
}

export type ParameterType = 'String' | 'StringList' | 'SecureString';

export interface ParameterVersion extends Parameter {
  readonly labels: readonly string[];
}

export interface ParameterWrite {
  readonly name: string;
  readonly type: ParameterType;
  readonly value: string;
  readonly at: string;
  readonly by: string;
  readonly expectVersion?: number;
  /** Leases it is written under: a store that can remember fences refuses one that is not the newest. @throws KARMA_LEASE_LOST */
  readonly fences?: readonly HeldFence[];
}

/** A version that was made elsewhere. */
export interface ImportedVersion {
  readonly name: string;
  readonly type: ParameterType;
  /** Not given for a SecureString of which only the digest is known. */
  readonly value?: string;
  readonly digest?: string;
  readonly version: number;
  readonly modifiedAt: string;
  readonly modifiedBy: string;
  readonly labels: readonly string[];
}

export interface ImportOutcome {
  readonly added: number;
  readonly same: number;
  /** Versions that are here with other content; what is here stayed. */
  readonly conflicts: readonly { readonly name: string; readonly version: number }[];
}
