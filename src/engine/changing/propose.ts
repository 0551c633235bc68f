import { type Change, refOf } from '../../change/change.ts';
import type { ChangeDraft } from '../../change/change-book.ts';
import { consequenceDigest } from '../../change/consequence.ts';
import { KarmaError } from '../../model/errors.ts';
import type { Person } from '../../model/person.ts';
import { hideInText } from '../../model/secrets/text.ts';
import { moveRef } from '../../observe/git/content-commit.ts';
import type { EngineContext } from '../context.ts';
import { approvalOf } from './approving.ts';
import { type Content, makeContent } from './content.ts';
import { openChanges, takenNumbers } from './opened-changes.ts';
import { blockersOfPolicies } from './policies.ts';
import type { Proposal } from './proposal.ts';
import { signedBy } from './signed-by.ts';
import { simulate } from './simulate.ts';
import {
  bringUpToDate,
  clashesOf,
  relationsOf,
  type SimulatedChange,
  unblockingOf,
  verdictsOn,
} from './told-change.ts';

const longestReason = 4000;

/**
 * Makes of a proposal a change: its content a commit, an event that says so, a ref, and what it would do. The event is what makes it
 * one: before it nothing happened, and what comes after it whoever asks next completes.
 */
export async function propose(context: EngineContext, given: Proposal): Promise<SimulatedChange> {
  const opened = await openChanges(context, { completes: true });
  const proposal = { ...given, reason: reasonOf(given.reason) };
  const before = proposal.revises === undefined ? undefined : await opened.book.get(proposal.revises);
  const content = await makeContent(context, opened, proposal, before);
  const action = before === undefined ? 'change.proposed' : 'change.revised';
  const author = await signedBy(context, opened.repository, 'author');
  const draft = draftOf(context, content, { ...proposal, author }, action);
  const written =
    before === undefined
      ? await opened.book.begin(draft, await takenNumbers(opened))
      : await opened.book.step(before.id, (now) => (now.head === before.head ? draft : undefined));
  if (written === undefined)
    throw new KarmaError('KARMA_CHANGED', `${before?.id} got another content meanwhile`, {
      hint: `\`karma change show ${before?.id}\`, then revise what is there now`,
    });
  const { change, event } = written;
  await moveRef(opened.repository, refOf(change.id), content.head, before?.head);
  return { ...(await bringUpToDate(context, opened, change.id, { keeps: true })), event };
}

/** What a proposal would come to, and nothing is kept of it: objects that nothing names, which Git throws away by itself. */
export async function tryOut(
  context: EngineContext,
  given: Proposal,
): Promise<Omit<SimulatedChange, 'change'> & { readonly content: Content }> {
  const opened = await openChanges(context);
  const proposal = { ...given, reason: reasonOf(given.reason) };
  const before = proposal.revises === undefined ? undefined : await opened.book.get(proposal.revises);
  const content = await makeContent(context, opened, proposal, before);
  const { simulation, as } = await simulate(context, opened, content);
  const id = before?.id ?? '';
  const others = await relationsOf(context, opened, { id }, simulation);
  const about = { ...whoseOf(context, before), id, reason: content.reason, revision: (before?.revision ?? 0) + 1 };
  const policies = await verdictsOn(context, opened, { ...about, ways: content.ways }, simulation);
  const blockers = [...simulation.blockers, ...clashesOf({ id }, others), ...blockersOfPolicies(policies)];
  const approval = await approvalOf(context, opened, about, { simulation, as }, policies);
  const consequence = consequenceDigest(simulation);
  const unblocking = unblockingOf(blockers);
  return { content, simulation, others, policies, blockers, unblocking, approval, consequence };
}

/** Whose content it would be. */
function whoseOf({ actor }: EngineContext, before: Change | undefined): Pick<Change, 'proposer' | 'revisers'> {
  if (before === undefined) return { proposer: actor };
  return { proposer: before.proposer, revisers: [...(before.revisers ?? []), { by: actor }] };
}

function draftOf(
  { actor, door, now }: EngineContext,
  { base, head, files, ways, reason }: Content,
  { reverts, author }: Pick<Proposal, 'reverts'> & { readonly author: Person },
  action: ChangeDraft['action'],
): ChangeDraft {
  const back = reverts === undefined ? {} : { reverts };
  return {
    action,
    actor,
    door,
    outcome: 'ok',
    at: now(),
    details: { base, head, files, ways, reason, author, ...back },
  };
}

function reasonOf(text: string): string {
  const reason = hideInText(text.trim());
  if (reason === '')
    throw new KarmaError('KARMA_USAGE', 'a change says why it is made', {
      hint: '`--reason "www goes to the new zone"`',
    });
  if (reason.length > longestReason)
    throw new KarmaError('KARMA_INPUT_INVALID', `the reason is longer than ${longestReason} characters`, {
      hint: 'say it in short; a patch goes into `--patch`',
    });
  return reason;
}
