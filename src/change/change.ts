import type { EventDraft } from '../model/event.ts';
import { type ChangeAction, type ChangeState, stateAfterAction } from './states.ts';

/**
 * A change request as it stands: a commit that has not happened yet, and how far it came. The content is Git's, under
 * {@link refOf}; what it does is the simulation's; what happened to it is the events', and this is made of them alone.
 */
export interface Change {
  /** `cr-118`. */
  readonly id: string;
  readonly state: ChangeState;
  /** From 1; a new content is a new one, and what was found out about the one before is void. */
  readonly revision: number;
  readonly reason: string;
  readonly proposer: string;
  /** ISO 8601, UTC. */
  readonly proposedAt: string;
  /** When something last happened to it. */
  readonly changedAt: string;
  /** The commit that the content was made on. */
  readonly base: string;
  /** The content: a commit whose first parent is the base. */
  readonly head: string;
  /** How many files it writes. */
  readonly files: number;
  /** How the content came: `edit`, `patch`, `range`, `worktree` … */
  readonly ways: readonly string[];
  readonly simulation?: SimulatedAs;
}

/** What was found out about a revision of a change, and of what that was found out. */
export interface SimulatedAs {
  /** Of the stored document. */
  readonly digest: string;
  /** Where the followed ref stood. */
  readonly on: string;
  /** The content as it would be there: the head, or what Git makes of it on a base that moved. */
  readonly head: string;
  /** Digest of all that it rests on: it holds as long as this does. */
  readonly ground: string;
}

export const changeKind = 'change';
/** The number of the newest change. */
export const changeCounter = 'change';

const idForm = /^(?:cr-)?([1-9]\d{0,8})$/;

export function changeId(number: number): string {
  return `cr-${number}`;
}

/** The number of a change as a person names it: `cr-118`, `118`; undefined where the text is no such name. */
export function changeNumber(text: string): number | undefined {
  const digits = idForm.exec(text.trim())?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Where Git keeps the content: no branch, so nobody's list of branches grows. */
export function refOf(id: string): string {
  return `${changeRefs}/${id}`;
}

export const changeRefs = 'refs/karma/changes';

/** What an event does to a change. The same for who writes the event and for who makes the document again out of events. */
export function foldChange(before: Change | undefined, event: EventDraft): Change | undefined {
  const { action, subject, actor, at, details } = event;
  const state = stateAfterAction(action);
  if (state === undefined) return before;
  if (before === undefined) {
    if (action !== ('change.proposed' satisfies ChangeAction)) return undefined;
    return {
      ...{ id: subject, state, revision: 1, proposer: actor, proposedAt: at, changedAt: at },
      ...contentOf(details),
      reason: String(details['reason'] ?? ''),
    };
  }
  const { simulation, ...rest } = before;
  if (action === ('change.revised' satisfies ChangeAction))
    return {
      ...rest,
      ...contentOf(details),
      state,
      revision: before.revision + 1,
      reason: String(details['reason'] ?? before.reason),
      changedAt: at,
    };
  const simulated = details['simulation'] as SimulatedAs | undefined;
  return { ...before, state, changedAt: at, ...(simulated === undefined ? {} : { simulation: simulated }) };
}

type Content = Pick<Change, 'base' | 'head' | 'files' | 'ways'>;

function contentOf(details: Readonly<Record<string, unknown>>): Content {
  return {
    base: String(details['base'] ?? ''),
    head: String(details['head'] ?? ''),
    files: Number(details['files'] ?? 0),
    ways: (details['ways'] ?? []) as readonly string[],
  };
}
