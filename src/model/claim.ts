import type { ComponentId, ComponentRow, DeploymentRow, TypeRow } from './component.ts';
import type { Evidence } from './evidence.ts';
import type { Finding } from './finding.ts';
import type { Pointer } from './pointer.ts';
import type { Origin, Strength } from './reference.ts';
import type { RunSetup } from './run-setup.ts';

/**
 * Where a name holds, as the provider that a block uses is configured: one name in two accounts or regions is two things. A text
 * may have holes, `${…}`, where only a run could know; what is left out is not shown.
 */
export interface Whereabouts {
  readonly region?: string;
  /** An account, a subscription or a project. */
  readonly account?: string;
  /** How it logs in: a profile, roles. `''`: as whoever runs it does. */
  readonly login?: string;
  /** What folders say of the environment. */
  readonly environment?: string;
  /** Further arguments that must agree where both sides show them. */
  readonly also?: Readonly<Record<string, string>>;
}

/** An address or name of which parts may only be known in a run, `${…}`; several where it may be written in several ways. */
export type Address = readonly [store: string, name: string];

/**
 * What is known of an address when a run would have to tell the rest. Whoever may be meant is found under the keys; which of
 * those fit, their addresses say.
 */
export interface PartlyKnown {
  /** Those who provide any of these keys may be meant. */
  readonly keys: readonly string[];
  /** One of these is what it is; left out: nothing is known of it, and everybody may be meant. */
  readonly addresses?: readonly Address[];
  /** What the block reads, in words, for the finding: `which state data.x.y reads`. */
  readonly what: string;
}

/**
 * What a component provides or needs, under a canonical key such as `param:prod:/iac/vpc/main/runtime`,
 * `zone:prod:usekarma.dev`, `state:s3://bucket/key` or `unit:live/prod/vpc`. References are claims joined by key.
 */
export interface Provide {
  readonly key: string;
  /** Further keys that it is found under. */
  readonly under?: readonly string[];
  /** The runtime that is read under this key: a parameter's name, a state address, the unit. */
  readonly runtime: string;
  /** Output names, when known; undefined means they cannot be told. */
  readonly outputs?: readonly string[];
  /** Outputs that something else writes too (a script, `ignore_changes`): no broken contract. */
  readonly alsoWritten?: boolean;
  /** A name that two components must not share (a state address, a runtime parameter). */
  readonly exclusive?: boolean;
  /** A fallback provider gives way to any other one (a runtime seen in the store, a layout's convention). */
  readonly fallback?: boolean;
  readonly where?: Whereabouts;
  /** What is known of its address, for those who know a part of it only. */
  readonly addresses?: readonly Address[];
  readonly evidence: Evidence;
}

export interface Need {
  readonly key: string;
  /** Keys to try, in order, when nobody provides `key`: the same thing under an address that shows less of it. */
  readonly orElse?: readonly string[];
  readonly rule: string;
  readonly origin: Origin;
  readonly strength: Strength;
  readonly consumes: readonly Pointer[];
  readonly tolerated?: readonly Pointer[];
  readonly marks?: readonly string[];
  /** The pointers are as written, not as the provider names its outputs: no contract is checked against them. */
  readonly unchecked?: true;
  readonly evidence: Evidence;
  /** Where the parts that it consumes are read, beside where it is said what they are parts of. */
  readonly reads?: readonly Evidence[];
  readonly where?: Whereabouts;
  /** Where nobody provides the keys: who fits what is known. It counts where that is exactly one component. */
  readonly partly?: PartlyKnown;
  /** Whoever provides it is read, however many those are. */
  readonly many?: true;
  /**
   * What it means when nobody provides the key: `dangling` is a finding; `quiet` is nothing (an AMI lookup, a zone of
   * somebody else's); `parameter` makes a node of kind parameter.
   */
  readonly whenMissing: 'dangling' | 'quiet' | 'parameter';
  /** The code of the finding when it dangles; default `dangling-reference`. */
  readonly danglingCode?: string;
}

/** Files, folders, parameters and environment values that an evaluation touched, absences included. Keys sorted. */
export interface ReadSet {
  /** `path` or `repo:path` → content digest, or `null` where it was looked for and absent. */
  readonly files: Readonly<Record<string, string | null>>;
  /** Folder listings → digest of the names. */
  readonly folders: Readonly<Record<string, string>>;
  /** Name → SHA-256 of the value, `null` when it is not set; the engine seals it before it is kept. */
  readonly environment: Readonly<Record<string, string | null>>;
  /** Parameters by `binding:name` → version. */
  readonly parameters: Readonly<Record<string, number | null>>;
  /**
   * The same files in two parts, where thousands of components share dozens of them: who goes through all read-sets goes through
   * what is shared once.
   */
  readonly parts?: { readonly shared: SharedFiles; readonly own: Readonly<Record<string, string | null>> };
  /** The same files and folders as they were read, each place followed by what was found there; records of them are made when asked for. */
  readonly listed?: { readonly files: readonly (string | null)[]; readonly folders: readonly string[] };
}

/** Files that the read-sets of many components hold; one object for all of them. */
export type SharedFiles = Readonly<Record<string, string | null>>;

/** One component's claim: a pure function of its read-set. */
export interface Claim {
  readonly component: ComponentRow;
  /** Rows of the module types it uses; equal for all components that share one. */
  readonly types: readonly TypeRow[];
  readonly provides: readonly Provide[];
  readonly needs: readonly Need[];
  /** What stays unseen: an unknown path, an unreadable file, a module that was not read. Each may hide a reference. */
  readonly blindSpots: readonly ClaimBlindSpot[];
  readonly findings: readonly Finding[];
  readonly readSet: ReadSet;
  /** The component's deployments with what was seen of their runtimes. */
  readonly deployments?: readonly DeploymentRow[];
  /** Of several deployments, what each provides and needs, by name. */
  readonly parts?: Readonly<Record<string, ClaimPart>>;
  /**
   * The effective config or inputs, evaluated, for `impact --since`; secrets replaced by digests, unknowns
   * written as `UnknownValue`. Never stored in rows.
   */
  readonly evaluated?: Readonly<Record<string, unknown>>;
  /**
   * Files of the read-set whose content is not in `evaluated`: another program reads them (a hook, a script, a file that is
   * only marked as read). When one changes, nothing proves that the component does not.
   */
  readonly opaqueFiles?: readonly string[];
  /**
   * What the module reads as data, with whatever it is given: files, names and contents below folders, as places of the read-set. A
   * comment in a file that is zipped or hashed counts, in a file that is only code it does not. Sorted.
   */
  readonly readAsData?: readonly string[];
  /** How a run of it goes; absent where nothing shows it. */
  readonly run?: RunSetup;
  /** Nodes that exist only because this claim names them (a document, a system outside). */
  readonly externals?: readonly {
    readonly component: ComponentRow;
    readonly provides: readonly Provide[];
    readonly needs: readonly Need[];
  }[];
}

/** The keys of one deployment among several. */
export interface ClaimPart {
  readonly provides: readonly string[];
  /** The runtimes under those keys. */
  readonly runtimes: readonly string[];
  readonly needs: readonly string[];
}

export interface ClaimBlindSpot {
  readonly component: ComponentId;
  readonly code: string;
  /** The only components that it may lead to; left out: any. */
  readonly on?: readonly ComponentId[];
  readonly evidence: Evidence;
}

/** Blind spots that say of a file, and of no reference, that it is not known. */
export function isOpenRead(code: string): boolean {
  return code === 'file-in-part' || code === 'file-unknown' || code === 'file-outside';
}
