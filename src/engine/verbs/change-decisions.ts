import { type Agreement, inWords, mayAgree, personOf, standingOf } from '../../change/approval.ts';
import { type Change, contributorsTo } from '../../change/change.ts';
import type { ChangeDraft } from '../../change/change-book.ts';
import { count, object, text } from '../../config/shape-parts.ts';
import { KarmaError } from '../../model/errors.ts';
import { hideInText } from '../../model/secrets/text.ts';
import { rulesAsking } from '../changing/approving.ts';
import { environmentsTouched, mustStillConcern } from '../changing/environments-touched.ts';
import { openChanges } from '../changing/opened-changes.ts';
import { mustBeSeen } from '../changing/seen.ts';
import { bringUpToDate, type SimulatedChange } from '../changing/told-change.ts';
import type { EngineContext } from '../context.ts';
import { answerOf, type ChangeAnswer, saidOfChange } from './changes.ts';
import { defineVerb } from './verb.ts';

export interface DecidedChange extends ChangeAnswer {
  /** The event that says so. */
  readonly log_entry_id: string;
}

const query = object(
  'Which, and exactly what of it.',
  {
    id: text('A change: `cr-118`, or `118`.'),
    revision: count('Only this revision.', 1, 1_000_000),
    consequence: text('Only if this is what it does: the digest that the answer about it holds.'),
    reason: text('Why.'),
  },
  'id',
);

export const changeApproveVerb = defineVerb({
  about:
    'Agrees to a change: to this revision, and to what it was found to do. Void when its content changes or it comes to do more.',
  query,
  writes: 'ledger',
  takes: 'approver',
  concerns: environmentsTouched,
  run: async (context, { id, reason, ...seen }): Promise<DecidedChange> => {
    const opened = await openChanges(context, { completes: true });
    const known = await bringUpToDate(context, opened, id, { keeps: true });
    const { change, blockers, consequence } = known;
    mustBeSeen(known, seen);
    await mustStillConcern(context, 'approver', opened, known.simulation);
    if (blockers.length > 0)
      throw new KarmaError('KARMA_REFUSED', `${change.id} is blocked: ${blockers[0]?.message}`, {
        hint: `\`karma change show ${change.id}\` says what would unblock it`,
      });
    const simulated = change.simulation;
    // It got another content while it was looked at.
    if (simulated === undefined) throw isAnother(change.id);
    const rules = await rulesAsking(context, opened, known);
    mustCount(context, change, rules);
    const agreement: Agreement = {
      ...{ by: context.actor, at: context.now(), revision: change.revision, head: change.head },
      ...{ simulation: simulated.digest, consequence },
    };
    const why = reason === undefined ? undefined : await saidOfChange(context, opened, id, hideInText(reason));
    const step = await opened.book.step(change.id, (now) => {
      // Somebody else agreed, or gave it another content meanwhile.
      if (now.head !== change.head || now.simulation?.digest !== simulated.digest) return undefined;
      const others = (now.approvals ?? []).filter(({ by }) => by !== agreement.by);
      const isMet = meets(rules, [...others, agreement], known, now);
      return draftOf(context, isMet ? 'change.approved' : 'change.agreed', now, { agreement }, why);
    });
    if (step === undefined) throw isAnother(change.id);
    const after = await bringUpToDate(context, await openChanges(context), change.id);
    return { ...answerOf(after), log_entry_id: step.event.id };
  },
});

function isAnother(id: string): KarmaError {
  return new KarmaError('KARMA_CHANGED', `${id} is not as it was a moment ago`, {
    hint: `\`karma change show ${id}\`, then decide about what it is now`,
  });
}

type Rules = Awaited<ReturnType<typeof rulesAsking>>;

/** Who asked for nothing is not helped by an agreement that counts for nothing. @throws KARMA_FORBIDDEN */
function mustCount({ actor }: EngineContext, change: Change, rules: Rules): void {
  const { id } = change;
  const contributors = contributorsTo(change);
  if (rules.length === 0 || rules.some(({ rule }) => mayAgree(rule, actor, contributors))) return;
  const words = rules.map(({ rule }) => inWords(rule));
  const isTheirs = contributors.some((one) => personOf(one) === personOf(actor));
  throw new KarmaError('KARMA_FORBIDDEN', `${actor} is not among those whom ${id} needs: ${words.join(', ')}`, {
    hint: `${isTheirs ? 'who proposed it, or gave it another content, counts for none of them; ' : ''}who does stands in karma.yaml: \`approvals\`, \`groups\``,
    details: { change: id, actor },
  });
}

function meets(rules: Rules, given: readonly Agreement[], { approval }: SimulatedChange, change: Change): boolean {
  const holding = new Set(approval.given.filter(({ holds }) => holds).map(({ by }) => by));
  const all = given.map((one) => ({
    ...one,
    holds: holding.has(one.by) || one.simulation === change.simulation?.digest,
  }));
  return standingOf(rules, all, contributorsTo(change)).met;
}

export const changeRejectVerb = defineVerb({
  about: 'Ends a change that nobody applied: it is not to be.',
  query,
  writes: 'ledger',
  takes: 'approver',
  concerns: environmentsTouched,
  run: async (
    context,
    { id, reason, ...seen },
  ): Promise<{ readonly change: Change; readonly log_entry_id: string }> => {
    const opened = await openChanges(context, { completes: true });
    if (seen.revision !== undefined || seen.consequence !== undefined)
      mustBeSeen(await bringUpToDate(context, opened, id), seen);
    const why = reason === undefined ? undefined : await saidOfChange(context, opened, id, hideInText(reason));
    const step = await opened.book.step(id, (now) => draftOf(context, 'change.rejected', now, {}, why));
    if (step === undefined) throw new KarmaError('KARMA_BUG', 'a change was not rejected');
    return { change: step.change, log_entry_id: step.event.id };
  },
});

function draftOf(
  { actor, door, now }: EngineContext,
  action: ChangeDraft['action'],
  { revision }: Pick<Change, 'revision'>,
  details: Readonly<Record<string, unknown>>,
  reason: string | undefined,
): ChangeDraft {
  const said = reason === undefined ? {} : { reason };
  return { action, actor, door, outcome: 'ok', at: now(), details: { revision, ...details, ...said } };
}
