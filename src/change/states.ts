import type { ChangeStep } from '../model/change-steps.ts';

/** The life of a change request: what may follow what. Each step is an event of the ledger. */

export const changeStates = [
  'proposed',
  'simulated',
  'blocked',
  'planned',
  'approved',
  'applying',
  'applied',
  'rejected',
  'cancelled',
  'failed',
  'reverted',
] as const;

export type ChangeState = (typeof changeStates)[number];

interface Transition {
  /** None: it begins a change. */
  readonly from: readonly ChangeState[];
  /** `same`: the state stays, and the event is a step within it. */
  readonly to: ChangeState | 'same';
}

/** States in which its content may still change. */
const undecided: readonly ChangeState[] = ['proposed', 'simulated', 'blocked', 'planned', 'approved'];
/** What it does is known, and nothing stands in its way. */
const ready: readonly ChangeState[] = ['simulated', 'planned', 'approved'];

/** By the action of the event. */
export const transitions = {
  'change.proposed': { from: [], to: 'proposed' },
  'change.revised': { from: undecided, to: 'proposed' },
  'change.simulated': { from: undecided, to: 'simulated' },
  'change.blocked': { from: undecided, to: 'blocked' },
  // Simulated again on a base that moved, and nothing came of it that was not agreed to.
  'change.upheld': { from: ['planned', 'approved'], to: 'same' },
  'change.planned': { from: ['simulated', 'planned'], to: 'planned' },
  // Somebody agreed, and more people are asked.
  // A branch and a text lie where the team merges pull requests.
  'change.offered': { from: ready, to: 'same' },
  'change.agreed': { from: ready, to: 'same' },
  'change.approved': { from: ready, to: 'approved' },
  // By a pull request: the merge is the approval.
  'change.merged': { from: undecided, to: 'approved' },
  'change.rejected': { from: undecided, to: 'rejected' },
  'change.cancelled': { from: undecided, to: 'cancelled' },
  'change.applying': { from: ['approved', 'failed', 'applying'], to: 'applying' },
  // Each effect outside has its intent before it, and its word after it.
  'change.pushing': { from: ['applying'], to: 'same' },
  'change.committing': { from: ['applying'], to: 'same' },
  'change.committed': { from: ['applying'], to: 'same' },
  'change.publishing': { from: ['applying'], to: 'same' },
  'change.published': { from: ['applying'], to: 'same' },
  'change.deploying': { from: ['applying'], to: 'same' },
  'change.deployed': { from: ['applying'], to: 'same' },
  // Nothing of it happened outside, and it is as approved as before.
  'change.withheld': { from: ['applying'], to: 'approved' },
  // The base moved under it and it does not commute with what came.
  'change.returned': { from: [...ready, 'applying'], to: 'proposed' },
  'change.applied': { from: ['applying'], to: 'applied' },
  'change.failed': { from: ['applying'], to: 'failed' },
  'change.reverted': { from: ['applied', 'failed'], to: 'reverted' },
} as const satisfies Record<`change.${ChangeStep}`, Transition>;

export type ChangeAction = keyof typeof transitions;

/** The state after an event; undefined for one that is no step of a change, or begins none where none is. */
export function stateAfter(before: ChangeState | undefined, action: string): ChangeState | undefined {
  if (!Object.hasOwn(transitions, action)) return undefined;
  const { to }: Transition = transitions[action as ChangeAction];
  return to === 'same' ? before : to;
}

export function mayFollow(state: ChangeState | undefined, action: ChangeAction): boolean {
  const { from }: Transition = transitions[action];
  return state === undefined ? from.length === 0 : from.includes(state);
}

/** Nothing comes of it any more. */
const over: ReadonlySet<string> = new Set(['applied', 'rejected', 'cancelled', 'reverted'] satisfies ChangeState[]);

/** Whether anything may still come of it, so that others must look out for it: of a state that a newer Karma knows it may. */
export function isOpen(state: ChangeState): boolean {
  return !over.has(state);
}
