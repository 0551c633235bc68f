import type { At, Block, Body, Expression } from '../../hcl/tree.ts';

/**
 * One Terraform module as its folder says it: every configuration file read and merged, nothing evaluated. What it means
 * with certain variables is a {@link ModuleInstance}'s business; what can be said of it alone stands in `analyse.ts`.
 */
export interface Module {
  /** The repository's name in the estate, and the folder from its root. */
  readonly repo: string;
  readonly path: string;
  /** `repo:path` or `path`; unique in an estate. */
  readonly key: string;
  /** The configuration files that were read, in Terraform's order: override files last. */
  readonly files: readonly string[];
  readonly variables: ReadonlyMap<string, Variable>;
  readonly locals: ReadonlyMap<string, Local>;
  /** Managed resources by `type.name`, data sources by `data.type.name`, ephemeral ones by `ephemeral.type.name`. */
  readonly resources: ReadonlyMap<string, Resource>;
  readonly outputs: ReadonlyMap<string, Output>;
  readonly calls: ReadonlyMap<string, ModuleCall>;
  /** Provider blocks by `name` or `name.alias`. */
  readonly providers: ReadonlyMap<string, PlacedBlock>;
  /** `check` blocks, for what their assertions read. */
  readonly checks: readonly PlacedBlock[];
  /** `import` blocks, for what the ids in them read. */
  readonly imports: readonly PlacedBlock[];
  /** `action` blocks, for what their configs read. */
  readonly actions: readonly PlacedBlock[];
  /** Blocks that are none of these: `moved`, `removed`, and what nobody knows. */
  readonly others: readonly PlacedBlock[];
  readonly settings: TerraformSettings;
  readonly problems: readonly ModuleProblem[];
}

/** Something of a module with its place: the file as an estate names it. */
export interface Placed {
  readonly file: string;
  readonly at: At;
}

export interface PlacedBlock extends Placed {
  readonly block: Block;
}

export interface Variable extends Placed {
  readonly name: string;
  /** The type constraint as written, an expression such as `list(string)`; undefined for none. */
  readonly type: Expression | undefined;
  /** Undefined when the variable is required. */
  readonly default: Expression | undefined;
  readonly nullable: boolean;
  readonly sensitive: boolean;
  readonly body: Body;
}

export interface Local extends Placed {
  readonly name: string;
  readonly value: Expression;
}

export type ResourceMode = 'managed' | 'data' | 'ephemeral';

export interface Resource extends Placed {
  readonly mode: ResourceMode;
  readonly type: string;
  readonly name: string;
  /** `type.name`, `data.type.name` or `ephemeral.type.name`. */
  readonly address: string;
  readonly count: Expression | undefined;
  readonly forEach: Expression | undefined;
  readonly body: Body;
}

export interface Output extends Placed {
  readonly name: string;
  readonly value: Expression | undefined;
  readonly sensitive: boolean;
  readonly body: Body;
}

export interface ModuleCall extends Placed {
  readonly name: string;
  /** As written; undefined when it is no constant. */
  readonly source: string | undefined;
  readonly version: string | undefined;
  readonly count: Expression | undefined;
  readonly forEach: Expression | undefined;
  /** The whole block; the arguments are its attributes without `source`, `version`, `count`, `for_each` and such. */
  readonly body: Body;
}

export interface TerraformSettings {
  readonly requiredVersion: string | undefined;
  readonly requiredProviders: ReadonlyMap<
    string,
    { readonly source: string | undefined; readonly version: string | undefined }
  >;
  readonly backend: (PlacedBlock & { readonly type: string }) | undefined;
  readonly cloud: PlacedBlock | undefined;
  /** Blocks of `terraform` that may hold expressions: backend, `encryption`, `provider_meta`. */
  readonly blocks: readonly PlacedBlock[];
  /** The `terraform` blocks as they are. */
  readonly written: readonly PlacedBlock[];
}

/** What is wrong with a module on its own; a finding once a component or type is its subject. */
export interface ModuleProblem extends Placed {
  /** A finding code. */
  readonly code: 'hcl-unreadable' | 'hcl-duplicate' | 'file-too-large' | 'not-utf8' | 'file-encrypted';
  /** Stable: what it is about. */
  readonly key: string;
  readonly message: string;
}

/** The arguments of a module call that are not the child's variables. */
export const callSettings: ReadonlySet<string> = new Set([
  'source',
  'version',
  'count',
  'for_each',
  'providers',
  'depends_on',
]);
