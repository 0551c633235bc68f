/**
 * One Terraform execution for one component, as data. The states and what leads from one to the next are the table below;
 * who moves a run stands in `deploy/`.
 */
export type RunState =
  | 'queued'
  | 'ready'
  | 'planning'
  | 'unconfirmed'
  | 'applying'
  | 'finished'
  | 'failed'
  | 'skipped'
  | 'discarded';

/**
 * What may follow what. `queued` waits for what it depends on; `unconfirmed` has a plan that nobody approved yet; `skipped` is
 * a cutoff with its proof; `discarded` never ran, or its plan was thrown away, because something it depends on failed, somebody
 * declined, or the deploy was interrupted.
 */
export const runTransitions: Readonly<Record<RunState, readonly RunState[]>> = {
  queued: ['ready', 'discarded'],
  ready: ['planning', 'skipped', 'failed', 'discarded'],
  planning: ['unconfirmed', 'applying', 'finished', 'failed', 'discarded'],
  unconfirmed: ['applying', 'failed', 'discarded'],
  applying: ['finished', 'failed'],
  finished: [],
  failed: [],
  skipped: [],
  discarded: [],
};

export function mayFollow(from: RunState, to: RunState): boolean {
  return runTransitions[from].includes(to);
}

export function isOver(state: RunState): boolean {
  return runTransitions[state].length === 0;
}

/** A process is known by its number *and* its start, since numbers are used again. */
export interface ChildProcessMark {
  readonly host: string;
  readonly pid: number;
  /** What the system says of its start; compared for equality alone. */
  readonly started: string;
  /** The folder of its run, where its output can be picked up again. */
  readonly folder: string;
}

/** Resources by what a plan wants of them. A replacement counts once in `add` and once in `destroy`, as Terraform counts. */
export interface ChangeCounts {
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
}

export const noChanges: ChangeCounts = { add: 0, change: 0, destroy: 0 };
