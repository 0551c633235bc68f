import { count, flag, object, text } from '../../config/shape-parts.ts';
import { KarmaError } from '../../model/errors.ts';
import { type AppliedChange, applyChange } from '../applying/apply.ts';
import { openGround } from '../changing/change-ground.ts';
import { environmentsTouched } from '../changing/environments-touched.ts';
import { propose } from '../changing/propose.ts';
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
  query: object('Which, and how.', how, 'id'),
  writes: 'infrastructure',
  concerns: environmentsTouched,
  run: (context, query, call): Promise<AppliedChange> => applyChange(context, query, faceOf(call)),
});

export const changeResumeVerb = defineVerb({
  about: 'Goes on with a change that was begun to be applied, and failed or was cut off.',
  query: object('Which, and how.', how, 'id'),
  writes: 'infrastructure',
  concerns: environmentsTouched,
  run: (context, query, call): Promise<AppliedChange> =>
    applyChange(context, { ...query, resumes: true }, faceOf(call)),
});

export const changeRevertVerb = defineVerb({
  about: 'Proposes what takes an applied change back, as a change of its own: the same is asked of it.',
  query: object('Which, and why.', { id, reason: text('Why.') }, 'id'),
  writes: 'ledger',
  takes: 'proposer',
  concerns: environmentsTouched,
  run: async (context, query): Promise<ProposedAnswer> => {
    const { book } = await openGround(context);
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
