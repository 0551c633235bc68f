import type { EventDraft } from '../model/event.ts';
import type { Person } from '../model/person.ts';
import { type Agreement, personOf } from './approval.ts';
import { type ChangeAction, type ChangeState, stateAfter } from './states.ts';

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
  /** Who that is to Git. */
  readonly author?: Person;
  /** Who else gave it content, as it is now or was: in the order in which they came. */
  readonly revisers?: readonly Reviser[];
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
  /** Who agreed to this revision, and to what. Whether that still holds is found out when it is asked. */
  readonly approvals?: readonly Agreement[];
  /** When it was last approved, ISO 8601: of two that do not commute, the earlier goes first. */
  readonly approvedAt?: string;
  /** The change that this one takes back. */
  readonly reverts?: string;
  /** By which commit of the followed branch it was merged, where that was seen. It is not deployed by that. */
  readonly merged?: MergedAs;
  /** How far applying it came. */
  readonly apply?: Applying;
}

export interface Reviser {
  readonly by: string;
  /** Who that is to Git. */
  readonly author?: Person;
}

export interface MergedAs {
  readonly commit: string;
  /** The commit before it. */
  readonly parent: string;
  /** Who merged it, as Git names them. */
  readonly by: string;
}

/** How far applying a change came: what of it happened outside, so that whoever goes on begins there. */
export interface Applying {
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** The ref that it becomes part of, and where that stood. */
  readonly ref?: string;
  readonly from?: string;
  /** The commit that it becomes. */
  readonly commit?: string;
  /** Where that is pushed to: a remote and its branch. */
  readonly remote?: string;
  readonly branch?: string;
  readonly committed: boolean;
  readonly published: boolean;
  readonly deployed: boolean;
  /** The commit that was deployed: later than its own where the ref went on before. */
  readonly on?: string;
  /** Why it did not go on. */
  readonly code?: string;
  readonly message?: string;
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
  const state = stateAfter(before?.state, action);
  if (state === undefined) return before;
  if (before === undefined) {
    if (action !== ('change.proposed' satisfies ChangeAction)) return undefined;
    return {
      ...{ id: subject, state, revision: 1, proposer: actor, proposedAt: at, changedAt: at },
      ...contentOf(details),
      reason: String(details['reason'] ?? ''),
      ...(details['author'] === undefined ? {} : { author: details['author'] as Person }),
      ...(typeof details['reverts'] === 'string' ? { reverts: details['reverts'] } : {}),
    };
  }
  const { simulation: _, approvals: _approvals, approvedAt: _at, apply: _apply, merged: _merged, ...rest } = before;
  if (action === ('change.revised' satisfies ChangeAction))
    return {
      ...rest,
      ...revisedBy(before, event),
      ...contentOf(details),
      state,
      revision: before.revision + 1,
      reason: String(details['reason'] ?? before.reason),
      changedAt: at,
    };
  const simulated = details['simulation'] as SimulatedAs | undefined;
  return {
    ...withApproval(withApplying(before, event), event),
    ...mergedIn(event),
    state,
    changedAt: at,
    ...(simulated === undefined ? {} : { simulation: simulated }),
  };
}

/** Everybody who gave it content: none of them looks at it as somebody else would. */
export function contributorsTo({ proposer, revisers = [] }: Pick<Change, 'proposer' | 'revisers'>): readonly string[] {
  return [proposer, ...revisers.map(({ by }) => by)];
}

function revisedBy(before: Change, { actor, details }: EventDraft): Pick<Change, 'revisers'> {
  const known = contributorsTo(before).some((one) => personOf(one) === personOf(actor));
  if (known) return {};
  const author = details['author'] as Person | undefined;
  return { revisers: [...(before.revisers ?? []), { by: actor, ...(author === undefined ? {} : { author }) }] };
}

function mergedIn({ action, details }: EventDraft): Pick<Change, 'merged'> {
  if (action !== ('change.merged' satisfies ChangeAction)) return {};
  const { merge, on, by } = details;
  return { merged: { commit: String(merge ?? ''), parent: String(on ?? ''), by: String(by ?? '') } };
}

/** Who agreed, and who did to what is no more. */
function withApproval(change: Change, { action, at, details }: EventDraft): Change {
  const { approvals = [], approvedAt: _, ...rest } = change;
  const agreement = details['agreement'] as Agreement | undefined;
  const gone = new Set((details['void'] as readonly string[] | undefined) ?? []);
  const kept = approvals.filter(({ by }) => !gone.has(by) && by !== agreement?.by);
  const now = agreement === undefined ? kept : [...kept, agreement];
  const isNow =
    action === ('change.approved' satisfies ChangeAction) || action === ('change.merged' satisfies ChangeAction);
  const approvedAt = isNow ? at : change.approvedAt;
  const isUndone = action === ('change.returned' satisfies ChangeAction);
  return {
    ...rest,
    ...(now.length === 0 ? {} : { approvals: now }),
    ...(approvedAt === undefined || isUndone ? {} : { approvedAt }),
  };
}

const untouched = { committed: false, published: false, deployed: false } as const;

function withApplying(change: Change, { action, actor, at, details }: EventDraft): Change {
  const { apply: before, ...rest } = change;
  const { code: _, message: _message, ...known } = before ?? { by: actor, since: at, ...untouched };
  const told = named(details, 'ref', 'from', 'commit', 'remote', 'branch', 'on', 'code', 'message');
  switch (action as ChangeAction) {
    case 'change.applying':
      return { ...rest, apply: { ...known, by: actor, since: at } };
    case 'change.pushing':
    case 'change.committing':
      return { ...rest, apply: { ...known, ...told, ...untouched } };
    case 'change.committed':
      return { ...rest, apply: { ...known, ...told, committed: true } };
    case 'change.published':
      return { ...rest, apply: { ...known, published: true } };
    case 'change.deploying':
      return { ...rest, apply: { ...known, ...told } };
    case 'change.deployed':
      return { ...rest, apply: { ...known, deployed: true } };
    case 'change.failed':
      return { ...rest, apply: { ...known, ...told } };
    case 'change.returned':
    case 'change.withheld':
      return rest;
    default:
      return change;
  }
}

function named<Name extends string>(
  details: Readonly<Record<string, unknown>>,
  ...names: readonly Name[]
): { readonly [N in Name]?: string } {
  return Object.fromEntries(
    names.flatMap((name) => (typeof details[name] === 'string' ? [[name, details[name]]] : [])),
  ) as { readonly [N in Name]?: string };
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
