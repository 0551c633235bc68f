import type { MemberPlan } from '../../deploy/plan.ts';
import type { DeployEvent, DeployResult, MemberResult, SetMember } from '../../deploy/set.ts';
import type { ApplyQuestion } from '../applying/apply.ts';
import type { ViewStamp } from '../view/view.ts';
import type { ChosenMembers, MembersOptions } from './members.ts';
import type { ReadPlanFile } from './plan-file.ts';

/** What is asked of plan, deploy and destroy, and what they answer. Data, and the person at the other end. */

/** A deploy that did not end, and what became of it. */
export interface Resumed {
  readonly deploy: string;
  readonly action: 'apply' | 'destroy';
  readonly actor: string;
  readonly startedAt: string;
  readonly environments: readonly string[];
  readonly done: readonly string[];
  readonly inFlight: readonly string[];
  readonly notStarted: readonly string[];
  /** Programs that were left behind: gone already, or waited for. */
  readonly programs: readonly { readonly key: string; readonly was: 'was gone' | 'ended' }[];
  /** Left of it and neither selected nor agreed to, so that it does not run now. Keys, sorted. */
  readonly left: readonly string[];
  /** `told`: another action or environment, so it is only told of. `resumed`: what was left of it runs now. */
  readonly outcome: 'resumed' | 'settled' | 'told';
}

export interface DeployQuery extends MembersOptions {
  readonly at?: string;
  readonly parallelism?: number;
  readonly failFast?: boolean;
  readonly cutoff?: boolean;
  readonly newState?: boolean;
  readonly breakContracts?: boolean;
  /** Stop what depends on a component of which a check did not pass. */
  readonly verify?: boolean;
  readonly takeOver?: boolean;
  /** For plan: where to keep it, so that exactly this can be deployed later. */
  readonly out?: string;
  /** For deploy: a file that a plan was kept in. */
  readonly plan?: string;
  /** For destroy: say what would go. */
  readonly dryRun?: boolean;
  /** The change request or words that approved it. */
  readonly approval?: string;
  readonly cause?: string;
}

/** For status: let Terraform look at the real resources of what is selected. */
export interface RefreshOptions {
  /** Without a selection: everything. */
  readonly all: boolean;
  readonly parallelism?: number;
  readonly face: Omit<DeployFace, 'confirm'>;
}

/** Who is at the other end: what is asked, what is told, how it is stopped. */
export interface DeployFace {
  /** Asked once, before anything changes. */
  confirm(question: DeployQuestion): Promise<boolean>;
  /**
   * Asked for what is left of an interrupted deploy and was not selected now: a question of its own, and nobody has said yes to it
   * by saying yes to the selection. Who cannot be asked declines.
   */
  confirmRest?(rest: Rest): Promise<boolean>;
  /** Asked once before a change is applied. Who cannot be asked declines. */
  confirmChange?(question: ApplyQuestion): Promise<boolean>;
  /** Told what runs, where nobody is asked any more. */
  begin?(question: DeployQuestion): void;
  listen(event: DeployEvent): void;
  /** Aborted: start nothing more, let finish what runs. */
  readonly finishOnly: AbortSignal;
  /** Aborted: stop what runs, gracefully. */
  readonly stopNow: AbortSignal;
}

/** What is left of an interrupted deploy beyond the selection. */
export interface Rest {
  readonly action: 'apply' | 'destroy';
  readonly actor: string;
  readonly startedAt: string;
  readonly members: readonly SetMember[];
}

export interface DeployQuestion {
  readonly action: 'apply' | 'destroy';
  readonly view: ViewStamp;
  readonly members: readonly SetMember[];
  readonly environments: readonly string[];
  readonly notRun: ChosenMembers['notRun'];
  /** Repositories that are run as they are, uncommitted changes included. */
  readonly asTheyAre: readonly string[];
  readonly resumed: readonly Resumed[];
  /** What was planned before and is applied exactly so. */
  readonly planned?: Pick<ReadPlanFile, 'madeAt' | 'madeBy' | 'label' | 'shown'>;
}

/** A command as it was run. */
export interface RunCommand {
  readonly folder: string;
  readonly command: readonly string[];
}

/** Commands are told by a face that listened to the runs. */
export interface Commanded {
  readonly commands?: readonly RunCommand[];
}

export interface DeployAnswer extends Omit<DeployResult, 'members'> {
  /** Sorted by key. */
  readonly members: readonly (MemberResult & Commanded)[];
  readonly view: ViewStamp;
  readonly action: 'apply' | 'destroy';
  readonly environments: readonly string[];
  readonly commit?: string;
  readonly notRun: ChosenMembers['notRun'];
  readonly asTheyAre: readonly string[];
  readonly resumed: readonly Resumed[];
  readonly seconds: number;
  /** The graph version after it, when one was published. */
  readonly version?: number;
  /** Where each run's log lies, by key. */
  readonly logs: Readonly<Record<string, string>>;
}

export interface PlanAnswer {
  readonly view: ViewStamp;
  readonly plans: readonly MemberPlan[];
  readonly notRun: ChosenMembers['notRun'];
  readonly asTheyAre: readonly string[];
  readonly seconds: number;
}
