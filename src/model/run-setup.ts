import type { DeclaredCheck } from './check.ts';

/**
 * How a component is run, as its files show it: what a run hands the module, and what stands around it. Plain data, part of a
 * claim; values that only a run knows are not in it.
 */
export interface RunSetup {
  /** It reads its config from Parameter Store or writes its runtime there: then it gets only what Karma itself knows of it. */
  readonly selfPublishing: boolean;
  /** Parameter prefix, with a leading and without a trailing slash. */
  readonly prefix: string;
  readonly region?: string;
  readonly account?: string;
  /** Variables that get the whole runtime of another component → the parameter it is published under. */
  readonly handed: Readonly<Record<string, string>>;
  /** Pointers into config and runtime whose values are secrets. */
  readonly sensitive: readonly string[];
  /** Programs that the type declares around Terraform, in their order. */
  readonly steps: readonly RunStep[];
  /** What the type says must hold after a run; where that stands beside the module it is read when it runs. */
  readonly checks?: readonly DeclaredCheck[];
  /** Outputs that others write too; `*`: any. */
  readonly alsoWritten: readonly string[];
  /** A plain root module's deployments, by name: the files and the workspace each runs with. */
  readonly roots?: Readonly<Record<string, RootRun>>;
}

export interface RunStep {
  readonly name: string;
  readonly when: 'before' | 'after';
  /** A command as a list of words, never a shell line. */
  readonly run: readonly string[];
}

/** Paths are relative to the repository. */
export interface RootRun {
  /** In the order in which they are handed over: later ones win. Without those that Terraform loads by itself. */
  readonly varFiles: readonly string[];
  readonly backendFiles: readonly string[];
  readonly workspace?: string;
}
