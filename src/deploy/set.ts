import type { OutsideConsumer } from '../consequence/contract.ts';
import type { CutoffDecision, CutoffProof } from '../consequence/cutoff.ts';
import type { CheckResult, DeclaredCheck } from '../model/check.ts';
import type { ErrorCode, KarmaError } from '../model/errors.ts';
import type { Door } from '../model/event.ts';
import type { Digest, RecordPlace, RunInputs, StateMark } from '../model/record.ts';
import type { ReferenceRow } from '../model/reference.ts';
import type { ChangeCounts, RunState } from '../model/run.ts';
import type { KeptPlan, Outputs, Plan, RunJob, Runner, RunProgress } from '../run/port.ts';
import type { Step, StepOptions } from '../run/steps.ts';
import type { HeldFence, LeaseHolder, Ledger } from '../stores/ledger/port.ts';
import type { ParameterStore } from '../stores/parameters/port.ts';
import type { Clock } from './clock.ts';
import type { HeldLease } from './lease.ts';

/** What is deployed together, and everything that is handed in to do it. Data and ports; no behaviour. */
export interface DeploySet {
  readonly id: string;
  readonly components: readonly SetMember[];
}

export interface SetMember {
  readonly component: string;
  readonly deployment: string;
  readonly environment: string;
  /** Named by the person who deploys; what came in by `--all` or by a dependency was not. */
  readonly selected: boolean;
  /** Keys (see `deploymentKey`) of what comes first, by proven references; ways through components outside the set included. */
  readonly dependsOn: readonly string[];
  /** Seconds it took the last time, for the order of what is ready. */
  readonly weight?: number;
}

/** Everything one component's run needs, read at the moment it becomes ready, so that it sees what came before it. */
export interface ComponentWork {
  readonly inputs: RunInputs;
  readonly runner: Runner;
  /** Without id and folder of the run: those are made here. */
  readonly job: Omit<RunJob, 'id' | 'runFolder'>;
  /** The digest of each output as it stands in its runtime now; undefined: could not be read. */
  readonly outputsNow: Readonly<Record<string, Digest | null>> | undefined;
  /** Which writing of its state stands there now. Asked only of what nothing else forbids to skip. */
  readonly stateNow?: () => Promise<StateMark | undefined>;
  /** Whether a runtime is there: then an empty state is not believed. */
  readonly runtimeExists: boolean | undefined;
  /** Where Karma publishes the runtime. */
  readonly publish?: {
    readonly store: ParameterStore;
    readonly name: string;
    /** Outputs in it that others write too. */
    readonly keep?: (name: string) => boolean;
    /** The digest of the published text that events may tell. */
    readonly digest?: (text: string) => Digest;
  };
  /** A module that publishes its own runtime: it is read afterwards. Undefined: it could not be read. */
  readonly readBack?: () => Promise<Outputs | undefined>;
  readonly alsoWritten?: ReadonlySet<string>;
  readonly steps?: {
    readonly before: readonly Step[];
    readonly after: readonly Step[];
    readonly options: Omit<StepOptions, 'runFolder'>;
  };
  readonly checks?: ComponentChecks;
  readonly place?: RecordPlace;
  /** What it reads of others that is not there, since they have not run: `prod/vpc/main#/vpc_id`. Sorted. */
  readonly absent?: readonly string[];
  /** Why it cannot run now though it can be planned later: something it needs is not there. */
  readonly refusal?: KarmaError;
  /** For the contract gate: the runtime as it is, and who reads it. */
  readonly contract?: {
    readonly runtime: Readonly<Record<string, unknown>>;
    /**
     * What a module that publishes itself will write there, by name, as its source shows it: its Terraform outputs are others,
     * and values come with the apply. `*` when the source does not show it.
     */
    readonly writes?: readonly string[] | '*';
    readonly references: readonly ReferenceRow[];
    readonly outside?: readonly OutsideConsumer[];
  };
}

/** What must hold after a run. */
export interface ComponentChecks {
  readonly declared: readonly DeclaredCheck[];
  /** Of those that need no program. */
  readonly judge: (check: DeclaredCheck, outputs: Outputs) => Pick<CheckResult, 'outcome' | 'reasons'>;
  /** Where programs run, and with what; reasons are shown without these secrets. */
  readonly folder: string;
  readonly options: Omit<StepOptions, 'runFolder'>;
}

export interface DeployPorts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** A new run's id. */
  readonly runId: () => string;
  /** The folder of a run's own files. */
  readonly runFolder: (run: string) => string;
  readonly work: (member: SetMember) => Promise<ComponentWork>;
  readonly runStep: (step: Step, options: StepOptions, control: Control) => Promise<void>;
  readonly listen: (event: DeployEvent) => void;
  /** Tells stores that can remember it which fences are held now: what an earlier holder still writes is refused there. */
  readonly raiseFences?: (held: readonly HeldFence[]) => Promise<void>;
  /**
   * Called before a component is planned, and again before its plan is applied (`known`): files that are run where they lie may
   * have been edited since they were shown. @throws KARMA_REFUSED
   */
  readonly refuseEdited?: (component: string, known: boolean) => Promise<void>;
  /** Leases that whoever deploys holds already, by name: they are not taken again, and not given back. */
  readonly held?: (name: string) => HeldLease | undefined;
  readonly holder: LeaseHolder;
  readonly actor: string;
  readonly door: Door;
}

interface Control {
  readonly listen: (progress: RunProgress) => void;
  readonly signal: AbortSignal;
}

export interface DeployOptions {
  readonly parallelism: number;
  readonly failFast?: boolean;
  /** False: everything runs. */
  readonly cutoff?: boolean;
  /** A state may be empty though a runtime is there. */
  readonly newState?: boolean;
  /** Nothing starts behind a component of which a check did not pass; one that did not pass the last time runs again. */
  readonly verify?: boolean;
  /** Go on though the contract gate refuses; the breach is recorded. */
  readonly breakContracts?: boolean;
  /** For plans: keep each so that it can be applied later. */
  readonly keepPlans?: boolean;
  /** Asked for each plan that would change something; default: yes. */
  readonly approve?: (member: SetMember, plan: Plan) => Promise<boolean>;
  readonly approval?: string;
  /** The event this deploy follows from: a change request's. */
  readonly cause?: string;
  /** Aborted: start nothing more, let finish what runs. */
  readonly finishOnly?: AbortSignal;
  /** Aborted: stop what runs, gracefully. */
  readonly stopNow?: AbortSignal;
  readonly leaseTtlMs?: number;
  readonly takeOver?: boolean;
  /** Plans that were shown before and are applied exactly so, by key; what stands here was skipped or planned then. */
  readonly planned?: ReadonlyMap<string, PlannedBefore>;
  /** Keys that an interrupted deploy had finished already. */
  readonly alreadyDone?: ReadonlySet<string>;
}

/** What was shown of one component, and what it was made from. */
export interface PlannedBefore {
  /** Undefined: it was to be skipped, with proof. */
  readonly plan?: KeptPlan;
  /** The digest of everything that it was made from. */
  readonly inputs: Digest;
  readonly state: StateMark | undefined;
}

/** What a deploy tells while it goes on. Faces render it; nothing here prints. */
export type DeployEvent =
  | {
      readonly kind: 'deploy';
      readonly state: 'started' | 'ended';
      readonly deploy: string;
      readonly components: number;
    }
  | {
      readonly kind: 'state';
      readonly key: string;
      readonly state: RunState;
      readonly run?: string;
      readonly reason?: string;
      readonly proof?: CutoffProof;
      readonly decision?: CutoffDecision;
      readonly changes?: ChangeCounts;
      readonly seconds?: number;
    }
  | { readonly kind: 'progress'; readonly key: string; readonly run: string; readonly progress: RunProgress }
  | { readonly kind: 'check'; readonly key: string; readonly run: string; readonly result: CheckResult }
  | { readonly kind: 'note'; readonly key: string; readonly text: string };

export interface MemberResult {
  readonly key: string;
  readonly state: RunState;
  readonly run?: string;
  readonly reason?: string;
  readonly code?: ErrorCode;
  readonly hint?: string;
  readonly proof?: CutoffProof;
  readonly changes?: ChangeCounts;
  readonly seconds?: number;
  /** What its checks said: after this run, or, where it was skipped, after its last one. */
  readonly checks?: readonly CheckResult[];
}

export interface DeployResult {
  readonly deploy: string;
  readonly outcome: 'finished' | 'failed' | 'interrupted';
  /** Sorted by key. */
  readonly members: readonly MemberResult[];
  /** Somebody else took over: nothing more may be written for it. */
  readonly leaseLost?: true;
}
