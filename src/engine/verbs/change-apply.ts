import type { Change } from '../../change/change.ts';
import { count, flag, object, text } from '../../config/shape-parts.ts';
import type { ValueOf } from '../../config/shape-value.ts';
import { KarmaError } from '../../model/errors.ts';
import { aheadOf } from '../applying/ahead.ts';
import { type AppliedChange, applyChange, bearing, mustBegin } from '../applying/apply.ts';
import { gatesOf } from '../applying/gates.ts';
import { mergedAs, mergesByPullRequest } from '../applying/pull-request.ts';
import { environmentsTouched, mustStillConcern } from '../changing/environments-touched.ts';
import { simulationOfApplied } from '../changing/kept-simulation.ts';
import { openChanges } from '../changing/opened-changes.ts';
import { propose } from '../changing/propose.ts';
import { mustBeSeen } from '../changing/seen.ts';
import type { EngineContext } from '../context.ts';
import { askedBy, type RunRequest } from '../requests/run-request.ts';
import { writeRequest } from '../requests/write-request.ts';
import { type ProposedAnswer, proposedAnswer } from './changes.ts';
import { defineVerb, faceOf } from './verb.ts';

const id = text('A change: `cr-118`, or `118`.');
const how = {
  id,
  dryRun: flag('Say what would happen, and why not.'),
  overtake: flag('Go ahead of a change that was approved before and does not commute with it.'),
  statesCopied: flag('What moves of states was copied.'),
  parallelism: count('How many runs at once; default: one a core.', 1, 10_000),
  failFast: flag('Start nothing new after a failure.'),
  verify: flag('Start nothing behind a component of which a check did not pass.'),
  takeOver: flag('Wait out the lease of a holder that is silent, and take it over.'),
};

export const changeApplyVerb = defineVerb({
  about:
    'Applies a change: a commit of the followed branch, its configs published, what it changes and affects deployed with cutoff.',
  query: object(
    'Which, exactly what of it, and how.',
    {
      ...how,
      revision: count('Only this revision.', 1, 1_000_000),
      consequence: text('Only if this is what it does: the digest that the answer about it holds.'),
    },
    'id',
  ),
  writes: 'infrastructure',
  concerns: environmentsTouched,
  run: (context, query, call): Promise<AppliedChange> => applyChange(context, query, faceOf(call)),
});

export const changeResumeVerb = defineVerb({
  about: 'Goes on with a change that was begun to be applied, and failed or was cut off.',
  query: object('Which, and how.', { ...how, revision: count('Only this revision.', 1, 1_000_000) }, 'id'),
  writes: 'infrastructure',
  concerns: environmentsTouched,
  run: (context, query, call): Promise<AppliedChange> =>
    applyChange(context, { ...query, resumes: true }, faceOf(call)),
});

const asked = object(
  'Which, exactly what of it, and how.',
  {
    id,
    revision: count('Only this revision.', 1, 1_000_000),
    consequence: text('Only if this is what it does: the digest that the answer about it holds.'),
    overtake: how.overtake,
    statesCopied: how.statesCopied,
  },
  'id',
);

/**
 * Asks for a change to be applied, or gone on with; whichever worker comes first does it. What stands in the way is said at once.
 * @throws KARMA_REFUSED, KARMA_CHANGED
 */
async function askFor(
  context: EngineContext,
  { id: name, overtake, statesCopied, ...seen }: ValueOf<typeof asked>,
  resumes: boolean,
): Promise<{ readonly request: RunRequest; readonly change: Change }> {
  const opened = await openChanges(context);
  const change = await opened.book.get(name);
  const { id, state } = change;
  mustBegin(id, state, resumes);
  const { told, obstacles: all } = await gatesOf(context, opened, id, {
    overtake: overtake === true,
    statesCopied: statesCopied === true,
  });
  // Who merges a pull request agrees; and what is merged already is not laid over anything any more.
  const offers = await mergesByPullRequest(context, opened);
  const isMerged = change.merged !== undefined || (offers && (await mergedAs(opened, change)) !== undefined);
  const obstacles = isMerged ? [] : bearing(all, offers);
  // What was begun is what it was then; somebody may know it by its revision.
  const { revision } = seen;
  mustBeSeen(told, resumes ? (revision === undefined ? {} : { revision }) : seen);
  if (!resumes) {
    const [first] = obstacles;
    if (first !== undefined)
      throw new KarmaError(
        first.returns === true ? 'KARMA_CHANGED' : 'KARMA_REFUSED',
        `${id} is not applied: ${first.because}`,
        {
          hint: first.hint,
          details: { change: id, obstacles: obstacles.map(({ because }) => because) },
        },
      );
  }
  const kept = resumes ? await simulationOfApplied(await context.stores.ledger(), change) : undefined;
  await mustStillConcern(context, 'operator', opened, kept ?? told.simulation);
  const { environments } = await aheadOf(context, opened, change, kept ?? told.simulation);
  const { request } = await writeRequest(
    context,
    {
      request: {
        ...askedBy(context),
        ...{ action: 'deploy', select: [], all: false, commit: told.simulation.head, environments, change: id },
        // Whoever carries it out comes later, and applies what was asked for or nothing.
        revision: told.change.revision,
        ...(resumes || seen.consequence === undefined ? {} : { consequence: seen.consequence }),
        how: {
          ...(overtake === undefined ? {} : { overtake }),
          ...(statesCopied === undefined ? {} : { statesCopied }),
        },
        ...(context.person === undefined ? {} : { person: context.person }),
      },
      revision: 0,
    },
    'asked',
  );
  return { request, change: told.change };
}

export const changeApplyAskVerb = defineVerb({
  about: 'Asks for a change to be applied; whichever worker comes first does it.',
  query: asked,
  writes: 'infrastructure',
  concerns: environmentsTouched,
  run: (context, query) => askFor(context, query, false),
});

export const changeResumeAskVerb = defineVerb({
  about: 'Asks for a change to be gone on with that failed or was cut off; whichever worker comes first does it.',
  query: asked,
  writes: 'infrastructure',
  concerns: environmentsTouched,
  run: (context, query) => askFor(context, query, true),
});

export const changeRevertVerb = defineVerb({
  about: 'Proposes what takes an applied change back, as a change of its own: the same is asked of it.',
  query: object('Which, and why.', { id, reason: text('Why.') }, 'id'),
  writes: 'ledger',
  takes: 'proposer',
  concerns: environmentsTouched,
  run: async (context, query): Promise<ProposedAnswer> => {
    const { book } = await openChanges(context);
    const change = await book.get(query.id);
    const isThere = change.apply?.committed === true && (change.state === 'applied' || change.state === 'failed');
    if (!isThere)
      throw new KarmaError(
        'KARMA_REFUSED',
        `${change.id} is ${change.state}: nothing of it is there to be taken back`,
        {
          hint:
            change.state === 'applying'
              ? `\`karma change resume ${change.id}\` ends it first`
              : '`karma change list --all`',
        },
      );
    const words = `Revert ${change.id}: ${change.reason.split('\n')[0] ?? ''}`;
    const reason = query.reason === undefined ? words : `${words}\n\n${query.reason}`;
    const nothing = { renames: [], removes: [], creates: [], edits: [], where: 'refuse' } as const;
    return proposedAnswer(await propose(context, { reason, reverts: change.id, ...nothing }));
  },
});
