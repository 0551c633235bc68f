import type { Claim } from '../model/claim.ts';
import type { LayoutName } from '../model/component.ts';
import type { Environment, FileView } from '../model/file-view.ts';
import type { Finding } from '../model/finding.ts';

/** Everything inference may look at: a pure picture of the estate at one moment. */
export interface EstateView {
  /** The repository Karma was pointed at; its paths are component ids in Terragrunt and plain Terraform estates. */
  readonly main: FileView;
  /** All repositories, the main one first, by name (`''` is the main one). */
  readonly repos: ReadonlyMap<string, FileView>;
  readonly environment: Environment;
  /** Published parameters by binding, with versions; a binding that was not read is absent. Values are redacted at the door. */
  readonly parameters: ReadonlyMap<string, ReadonlyMap<string, ParameterObservation>>;
  /** What `karma.yaml` says, validated; `{}` without one. */
  readonly settings: EstateSettings;
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
}

/** One layout's candidates in an estate, before anything is evaluated. */
export interface Discovery {
  /** The seed of each component: enough to claim it. Sorted by id. */
  readonly candidates: readonly Candidate[];
  /** What looked like this layout and was passed over, with the reason, for `karma doctor`. */
  readonly passedOver: readonly { readonly path: string; readonly reason: string }[];
  readonly findings: readonly Finding[];
}

export interface Candidate {
  readonly layout: LayoutName;
  readonly id: string;
  /** The folder or file it starts from, as `path` or `repo:path`. */
  readonly path: string;
  /** Anything the layout wants to remember until it claims; plain data. */
  readonly seed?: Readonly<Record<string, string>>;
}

/**
 * A layout recognises components and claims them. Both are pure: equal views give equal answers. `open` is called once per
 * estate view, so that shared includes, modules and parsed files are evaluated once.
 */
export interface Layout {
  readonly name: LayoutName;
  open(estate: EstateView): OpenLayout;
}

export interface OpenLayout {
  discover(): Discovery;
  /** A broken component yields a claim with findings and blind spots; it never throws. */
  claim(candidate: Candidate): Claim;
}
