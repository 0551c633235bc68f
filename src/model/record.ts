import type { CheckResult } from './check.ts';
import type { ComponentId } from './component.ts';
import type { Pointer } from './pointer.ts';

/**
 * What one run consumed and produced, digest by digest. Data only: what follows from records (stale, cutoff, drift) stands in
 * `consequence/`. A record never holds a value.
 */

/**
 * A digest in text: lower-case hex of SHA-256 over canonical JSON; for what is sensitive an HMAC, prefixed with the key's id
 * and a colon. Two digests made with different keys cannot be compared.
 */
export type Digest = string;

/** Makes the keyed digest of a value that must not be guessable. Injected: the key belongs to the estate. */
export type Seal = (value: unknown) => Digest;

/** One pointer of one runtime that a run consumed. */
export interface ConsumedPointer {
  readonly provider: ComponentId;
  /** A parameter's name, a state's address, a unit. */
  readonly runtime: string;
  readonly pointer: Pointer;
  /** `null`: nothing stood there. Undefined: it could not be read, which is never equal to anything. */
  readonly digest: Digest | null | undefined;
  /** The runtime's version when it was read: its outputs' digest, or a parameter's version. */
  readonly version?: string;
}

/**
 * An edge through the cloud: a data source looks up what the provider made, so no output passes. What stands for it is the
 * provider's last run that changed a resource.
 */
export interface CloudRead {
  readonly provider: ComponentId;
  /** The id of that run; `null` when none of its recorded runs did; undefined when its runs are not known. */
  readonly change: string | null | undefined;
}

/** The lock file's digest; `null` when one is needed and missing; `not-needed` when only built-in providers are used. */
export type LockFile = Digest | null | 'not-needed';

/** Everything a run depends on, as digests. Undefined means "not known", which is never equal to anything. */
export interface RunInputs {
  readonly component: ComponentId;
  /** The binding, workspace or var-file; `''` when there is only one. */
  readonly deployment: string;
  /** The effective config that the run reads: the published one where the module reads Parameter Store, else Git's. */
  readonly config: Digest | undefined;
  readonly commit?: string;
  /** The module with its whole closure; `pinned` when every remote source names a commit or an exact version. */
  readonly module: { readonly digest: Digest; readonly pinned: boolean } | undefined;
  readonly lockFile: LockFile | undefined;
  /** `terraform 1.11.4` */
  readonly binary: string | undefined;
  /** Variables and environment values handed to the program; keyed, since some may be secret. */
  readonly variables: Digest | undefined;
  /** Sorted by provider, runtime, pointer. */
  readonly consumed: readonly ConsumedPointer[];
  /** Sorted by provider. */
  readonly cloud: readonly CloudRead[];
  /** Providers that only come first; they propagate nothing. Sorted. */
  readonly orderOnly: readonly ComponentId[];
  /** Reads that no other component influences: the clock, an AMI lookup. Listed, never compared. Sorted. */
  readonly unseen: readonly string[];
  /** What may hide a reference or an input. With any of these nothing is proved. Sorted. */
  readonly blindSpots: readonly string[];
}

/** What tells one writing of a state from another. `{ serial: 0, lineage: '' }` where there is no state at all. */
export interface StateMark {
  readonly serial: number;
  readonly lineage: string;
}

export const noState: StateMark = { serial: 0, lineage: '' };

/** Where a record comes from: a run of Karma's own, or what others left behind. */
export type RecordSource = 'run' | 'state' | 'outputs' | 'plan' | 'run-report';

export interface RunRecord extends RunInputs {
  /** The run's id; for a reconstructed record one made from what it was read from. */
  readonly id: string;
  readonly action: 'apply' | 'destroy';
  readonly source: RecordSource;
  /** Read from states, outputs or history: a difference from it is proven, equality proves nothing. */
  readonly reconstructed: boolean;
  /** ISO 8601, UTC; for a reconstructed record when its source was written, if that is known. */
  readonly at: string;
  readonly outcome: 'finished' | 'failed';
  readonly planDigest?: Digest;
  readonly actor?: string;
  /** The change request or the words that approved it. */
  readonly approval?: string;
  /** Each output's digest, keyed when sensitive. */
  readonly outputs: Readonly<Record<string, Digest>>;
  /**
   * What stood at each pointer that others read of it, keyed; `null` where nothing did. Of a record that was read from a state,
   * so that a reader's record, which is keyed too, can be compared with it where neither state can be read any more.
   */
  readonly left?: Readonly<Record<Pointer, Digest | null>>;
  /** The version of the runtime it left: the digest of {@link outputs}. */
  readonly version: Digest;
  /** The state that the run left: whatever stands there later with another serial, somebody else wrote. */
  readonly state?: StateMark;
  /** How long it took; for the order of what is ready. */
  readonly seconds?: number;
  /** Resources this run created, changed or removed. Undefined when it cannot be told. */
  readonly resourcesChanged?: number;
  /** The run that last changed a resource: this one, or one before it. See {@link CloudRead}. */
  readonly cloudChange?: string | null;
  /** What it depended on when it ran, so that destroy can go backwards when the config is gone. Sorted. */
  readonly dependsOn: readonly ComponentId[];
  /** Where it ran, so that it can be found again. */
  readonly place?: RecordPlace;
  /** What its type's checks said after it; left out where none are declared. */
  readonly checks?: readonly CheckResult[];
  /** What was given and could not be used, in words. */
  readonly notes?: readonly string[];
}

export interface RecordPlace {
  /** The repository's name inside the estate; `''` is the main one. */
  readonly repo: string;
  readonly commit?: string;
  /** The module's folder, inside the repository. */
  readonly folder: string;
  /** The local state file, when there is one. */
  readonly state?: string;
  /** The runtime's parameter, when Karma publishes it. */
  readonly runtime?: string;
  readonly environment: string;
}

/** The name a deployment is kept under: `component` or `component@deployment`. */
export function deploymentKey(component: ComponentId, deployment: string): string {
  return deployment === '' ? component : `${component}@${deployment}`;
}
