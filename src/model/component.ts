/**
 * The nodes of the graph. Data types only: how they are found stands in `infer/`, what can be asked of them in `graph/`.
 */

/** Adage: `environment/type/nickname`. Elsewhere the path from the estate's root. A parameter: `environment/param:/name`. */
export type ComponentId = string;

export type LayoutName = 'adage' | 'terragrunt' | 'terraform';

export interface ComponentRow {
  readonly id: ComponentId;
  readonly kind: 'component' | 'parameter';
  readonly layout: LayoutName;
  /** Not managed by this estate: a runtime without config, an `/external/…` system, a document published by a script. */
  readonly external: boolean;
  /** The component type: Adage's folder name, else the module's name. */
  readonly type: string;
  readonly nickname: string;
  readonly environment: string;
  /** The folder that holds it, as `path` or `repo:path`. */
  readonly path: string;
  /** The key of its {@link TypeRow}; `''` when there is no module. */
  readonly module: string;
  /** Digest of the effective config or inputs as evaluated, but for its secrets: the same in every data folder. */
  readonly configDigest: string;
  /** Of a config that holds secrets: its digest under the estate's key. Beside the hash; see `compareSecrets`. */
  readonly secrets?: string;
  /** Digest of the files that it reads as data with its own values, where it reads any: what `file(var.name)` leads to. */
  readonly readsDigest?: string;
  /** What is known of it beyond that: owner, account, region, source, ref, state, backend … Sorted when shown. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Output names, when the module or unit shows them; undefined means unknown. */
  readonly outputs?: readonly string[];
  /** What could not be evaluated or read here and may hide a reference. Sorted. */
  readonly blindSpots?: readonly {
    readonly code: string;
    readonly site: string;
    readonly file?: string;
    /** The only components that it may lead to; left out: any. */
    readonly on?: readonly ComponentId[];
  }[];
  readonly sites: Record<string, readonly [file: string, line: number]>;
}

/** A component type's module: what inference read out of its HCL. */
export interface TypeRow {
  /** `repo:path` or `path` of the module folder, or a remote source with its ref. */
  readonly key: string;
  readonly name: string;
  /** Digest of every file of the module and of the modules in its closure. */
  readonly digest: string;
  readonly variables: readonly VariableShape[];
  readonly outputs: readonly string[];
  /** Config keys read, as pointers, with the default where HCL shows one. */
  readonly configKeys: readonly { readonly pointer: string; readonly default?: string }[];
  readonly parametersRead: readonly string[];
  readonly parametersWritten: readonly string[];
  /** Modules it calls: in the repository by path, remote ones by source. */
  readonly modules: readonly { readonly name: string; readonly source: string; readonly remote: boolean }[];
  readonly sites: Record<string, readonly [file: string, line: number]>;
}

export interface VariableShape {
  readonly name: string;
  readonly required: boolean;
  readonly sensitive: boolean;
  readonly type?: string;
}

/** A component in one binding, workspace or var-file. */
export interface DeploymentRow {
  readonly component: ComponentId;
  /** The binding, workspace or var-file; `''` when there is only the one. */
  readonly deployment: string;
  /** Of a root module that has several: digest of what this one evaluates to, but for its secrets. */
  readonly config?: string;
  /** Of such a config that holds secrets: its digest under the estate's key. Beside the hash. */
  readonly configSecrets?: string;
  /** Digest per runtime name, but for secrets. */
  readonly runtimes: Readonly<Record<string, string>>;
  /** Of runtimes that hold secrets: their digests under the estate's key, by name. Beside the hash. */
  readonly secrets?: Readonly<Record<string, string>>;
}
