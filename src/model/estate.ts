import type { LayoutName } from './component.ts';
import type { Environment, FileView } from './file-view.ts';
import type { Severity } from './finding.ts';

/** Everything inference may look at: a pure picture of the estate at one moment. */
export interface EstateView {
  /** The repository Karma was pointed at; its paths are component ids in Terragrunt and plain Terraform estates. */
  readonly main: FileView;
  /** All repositories, the main one first, by name (`''` is the main one). */
  readonly repos: ReadonlyMap<string, FileView>;
  /**
   * The repository that a remote module source means (`git::https://…/modules.git`), at exactly that ref, when a checkout or
   * mirror of it is at hand; its `repo` is `<name>@<ref>`, which `repos.get` understands too. Undefined: it cannot be read.
   */
  readonly elsewhere?: (address: string, ref: string | undefined) => FileView | undefined;
  readonly environment: Environment;
  /** Published parameters by binding, with versions; a binding that was not read is absent. Values are redacted at the door. */
  readonly parameters: ReadonlyMap<string, ReadonlyMap<string, ParameterObservation>>;
  /** What `karma.yaml` says, validated; `{}` without one. */
  readonly settings: EstateSettings;
  /** A digest of a secret under the estate's key, so that a plain digest never gives one away. Without it secrets digest as one constant. */
  readonly keyed?: (secret: string) => string;
}

export interface ParameterObservation {
  readonly name: string;
  readonly version: number;
  /** The text, or undefined for a SecureString (never held). */
  readonly value: string | undefined;
  readonly secure: boolean;
}

/** The part of `karma.yaml` that inference follows. */
export interface EstateSettings {
  /**
   * Not from `karma.yaml`: where the estate lies. The repository is called as its remote is, else as its folder; the folder is the
   * estate's from the repository's root. Undefined where it is in no repository.
   */
  readonly place?: { readonly repository: string; readonly folder: string };
  /** Force layouts instead of recognising them. */
  readonly layouts?: readonly LayoutName[];
  /** Parameter prefix; default `/iac`. */
  readonly prefix?: string;
  /** Environment by path pattern: `{ pattern: 'live/{environment}/**' }`. */
  readonly environments?: readonly { readonly pattern: string; readonly environment?: string }[];
  /** References to add or deny, with a reason. */
  readonly references?: readonly {
    readonly from: string;
    readonly to: string;
    readonly deny?: boolean;
    readonly consumes?: readonly string[];
    readonly reason: string;
  }[];
  /** Further unit file names for Terragrunt. Default `terragrunt.hcl`. */
  readonly terragruntFile?: string;
  /** Plain Terraform: folders that are root modules though nothing shows it, and var-file patterns. */
  readonly roots?: readonly string[];
  readonly varFiles?: readonly string[];
  /** Accounts are shared: lookups by name are proven across the estate. */
  readonly sharedAccounts?: boolean;
  /** Which repository holds modules, OpenAPI documents, lambdas (names as in `EstateView.repos`); default: wherever they are. */
  readonly placement?: Readonly<Record<string, string>>;
  /** Which binding a component lives in: id or pattern (`prod/**`) → binding. */
  readonly bindings?: Readonly<Record<string, string>>;
  /** Where modules with a remote source can be read: source without ref → `repository` or `repository:folder`. */
  readonly modules?: Readonly<Record<string, string>>;
  /** Rules over the graph: references from and to selections that must not be. */
  readonly policies?: readonly Policy[];
  /** Folder of input schemas in the config repository. Default `schemas`. */
  readonly schemas?: string;
  /** Digest of the lock of fetched modules: with others at hand, other claims are made. */
  readonly fetched?: string;
  /** What was not looked into and is taken to touch nothing of the estate. */
  readonly assume?: readonly Assumption[];
  /** Ids and patterns of components that somebody outside the estate reads. */
  readonly readOutside?: readonly string[];
}

/** Somebody answers for what Karma could not look into. All that is given must fit; patterns are globs. */
export interface Assumption {
  /** The source of a module that was not read, without its ref; or the name of a layout. */
  readonly source?: string;
  /** The components that hold it. */
  readonly component?: string;
  /** The code of the blind spot: `module-not-read`, `program-unread`, `foreign-read`, `layout-not-read`. */
  readonly code?: string;
  readonly reason: string;
}

/** A difference between environments that somebody expects, so that what nobody expects can be seen. */
export interface ExpectedDifference {
  /** The key, as a JSON pointer with `*` for a step and `**` for any: `/inputs/tags/**`. */
  readonly key: string;
  /** Of which objects, as a glob; left out: of all. */
  readonly object?: string;
  readonly reason: string;
}

/** A reference whose dependent fits `from` and whose provider fits `to` breaches the policy. */
export interface Policy {
  readonly name: string;
  /** A selection; default: every component. */
  readonly from?: string;
  readonly to?: string;
  /** Default `error`. */
  readonly severity?: Severity;
  readonly reason?: string;
}
