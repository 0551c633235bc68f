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
  readonly to: ChangeState;
}

/** States in which its content may still change. */
const undecided: readonly ChangeState[] = ['proposed', 'simulated', 'blocked', 'planned', 'approved'];

/** By the action of the event. */
export const transitions = {
  'change.proposed': { from: [], to: 'proposed' },
  'change.revised': { from: undecided, to: 'proposed' },
  'change.simulated': { from: undecided, to: 'simulated' },
  'change.blocked': { from: undecided, to: 'blocked' },
  'change.planned': { from: ['simulated', 'planned'], to: 'planned' },
  'change.approved': { from: ['simulated', 'planned'], to: 'approved' },
  'change.rejected': { from: undecided, to: 'rejected' },
  'change.cancelled': { from: undecided, to: 'cancelled' },
  'change.applying': { from: ['approved', 'failed'], to: 'applying' },
  // The base moved under it and it does not commute with what came.
  'change.returned': { from: ['approved', 'applying'], to: 'proposed' },
  'change.applied': { from: ['applying'], to: 'applied' },
  'change.failed': { from: ['applying'], to: 'failed' },
  'change.reverted': { from: ['applied', 'failed'], to: 'reverted' },
} as const satisfies Record<string, Transition>;

export type ChangeAction = keyof typeof transitions;

export function stateAfterAction(action: string): ChangeState | undefined {
  return Object.hasOwn(transitions, action) ? transitions[action as ChangeAction].to : undefined;
}

export function mayFollow(state: ChangeState | undefined, action: ChangeAction): boolean {
  const { from }: Transition = transitions[action];
  return state === undefined ? from.length === 0 : from.includes(state);
}

/** Whether anything may still come of it, so that others must look out for it. */
export function isOpen(state: ChangeState): boolean {
  return undecided.includes(state) || state === 'applying' || state === 'failed';
}
