import type { Digest, StateMark } from '../model/record.ts';
import type { ChangeCounts, ChildProcessMark } from '../model/run.ts';

/**
 * One Terraform execution. A runner plans, applies exactly what it planned, destroys, and reads outputs; it knows nothing of
 * other components. Trouble is thrown as `KARMA_RUN_FAILED`, `KARMA_INTERRUPTED` or `KARMA_TOOL_MISSING`.
 */
export interface Runner {
  /** `terraform 1.11.4`: goes into the record. Asked once. */
  version(): Promise<string>;
  plan(job: RunJob, options: PlanOptions, control: RunControl): Promise<Plan>;
  /** Meets a plan again that {@link plan} made of an equal job, and that was kept since. */
  reopen(job: RunJob, kept: KeptPlan, control: RunControl): Promise<Plan>;
  /** Applies a plan made by {@link plan} from the same job, and nothing else. */
  apply(job: RunJob, plan: Plan, control: RunControl): Promise<Applied>;
  /** The outputs as the state has them now. */
  outputs(job: RunJob, control: RunControl): Promise<Outputs>;
  /** Which writing of the state stands there now; undefined when it cannot be read. Writes nothing. */
  state(job: RunJob, control: RunControl): Promise<StateMark | undefined>;
  /** Waits for a program that a killed Karma left behind, or interrupts it. Answers when it is gone. */
  rejoin(mark: ChildProcessMark, options: 'wait' | 'interrupt', control: RunControl): Promise<'was gone' | 'ended'>;
  /** Forgets what only this run needed: plan, variables, pipes. The log stays. */
  clean(job: RunJob): Promise<void>;
}

/** Where and with what one run happens. Paths are absolute. */
export interface RunJob {
  /** The run's id. */
  readonly id: string;
  /** The root module's folder. */
  readonly folder: string;
  /** The run's own files: plan, variables, pipes, log. Made with mode 0700. */
  readonly runFolder: string;
  /** Terraform's data folder (`.terraform` elsewhere), kept between runs of one deployment. */
  readonly dataFolder: string;
  /** The local state file; undefined when the module has a backend of its own. */
  readonly state?: string;
  readonly workspace?: string;
  /** Exactly the variables to hand over; undefined when the module gets its values by itself. */
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly varFiles?: readonly string[];
  /** Names among {@link variables} whose values are secret. */
  readonly sensitive?: readonly string[];
  readonly backendConfig?: Readonly<Record<string, string>>;
  /**
   * Whether settings of a backend that differ from those of the last `init` are taken as they are: where a state that does not
   * lie there would be noticed. Nothing is ever moved.
   */
  readonly reconfigure?: boolean;
  /** Whether the module needs `init`; when wrong, the program says so and it is run then. */
  readonly init: boolean;
  /** What an earlier `init` must have been made with to be still good: module, lock file, backend, program. */
  readonly initKey?: string;
  /** The program's whole environment, already reduced to what it may see. */
  readonly environment: Readonly<Record<string, string>>;
  /** Further values that must not be seen in any log. */
  readonly secrets?: readonly string[];
  /** A run that takes longer is interrupted. */
  readonly timeoutMs?: number;
}

export interface PlanOptions {
  readonly mode: 'apply' | 'destroy' | 'refresh-only';
}

export interface RunControl {
  readonly listen: (progress: RunProgress) => void;
  /** Aborted: the program is asked to stop, gracefully first. */
  readonly signal: AbortSignal;
}

export type RunProgress =
  /** The exact command, as a person could type it; values that are secret are not in it. */
  | { readonly kind: 'command'; readonly folder: string; readonly command: readonly string[] }
  | { readonly kind: 'child'; readonly mark: ChildProcessMark }
  | {
      readonly kind: 'resource';
      readonly address: string;
      readonly action: string;
      readonly phase: 'planned' | 'started' | 'going on' | 'done' | 'failed';
      readonly seconds?: number;
    }
  | { readonly kind: 'diagnostic'; readonly diagnostic: Diagnostic }
  | { readonly kind: 'note'; readonly text: string };

export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  readonly address?: string;
  readonly file?: string;
  readonly line?: number;
}

/** An output: its digest always, its value only when it is not sensitive. */
export interface OutputValue {
  readonly sensitive: boolean;
  readonly digest: Digest;
  readonly value?: unknown;
}

export type Outputs = Readonly<Record<string, OutputValue>>;

export interface Plan {
  readonly mode: PlanOptions['mode'];
  readonly file: string;
  /** SHA-256 of the plan file: what was reviewed is what is applied. */
  readonly digest: Digest;
  readonly changes: ChangeCounts;
  /** Resources with what is to happen to them, sorted by address. */
  readonly resources: readonly ResourceChange[];
  /** Outputs that change, by name: what stands there and what will. */
  readonly outputChanges?: readonly ValueChange[];
  /** Resources that somebody changed outside Terraform. */
  readonly drifted: readonly string[];
  /** False: applying would do nothing, outputs included. */
  readonly anyChange: boolean;
  /** Outputs as they will be, as far as the plan knows. */
  readonly outputs: Outputs;
  /** Outputs that only the apply will tell. */
  readonly unknownOutputs: readonly string[];
  /** Outputs that the plan removes. */
  readonly droppedOutputs: readonly string[];
  /** Whether the state held no resource and no output. */
  readonly stateEmpty: boolean;
  /** Values that must not be logged. Never leaves the process. */
  readonly secrets: readonly string[];
  /** The state that it was made of, where the plan tells. */
  readonly madeOf?: StateMark | undefined;
}

export interface ResourceChange {
  readonly address: string;
  readonly action: string;
  /** What changes of it, as far as a reviewer may see it. */
  readonly values?: readonly ValueChange[];
}

/** One value before and after, as JSON; `null`: nothing stands there. */
export interface ValueChange {
  /** `tags.Name`, `ingress.0.cidr_blocks.1`. */
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** A plan that was kept: what it takes to meet it again. */
export interface KeptPlan {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly anyChange: boolean;
}

export interface Applied {
  readonly outputs: Outputs;
  readonly changes: ChangeCounts;
  readonly state?: StateMark;
}
