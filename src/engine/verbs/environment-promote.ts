import { choice, object, text } from '../../config/shape-parts.ts';
import type { ValueOf } from '../../config/shape-value.ts';
import { compareEnvironments } from '../../graph/objects/compare-environments.ts';
import { KarmaError } from '../../model/errors.ts';
import { openChanges } from '../changing/opened-changes.ts';
import { proposeEdits } from '../changing/propose-edits.ts';
import type { EngineContext } from '../context.ts';
import { EstateEdits, type MadeEdits } from '../objects/estate-edits.ts';
import { learnValues } from '../objects/learn-values.ts';
import { makeObjects, type NewObject } from '../objects/new-objects.ts';
import { type KeptDifference, promotionOf } from '../objects/promotion.ts';
import { writeEdits } from '../objects/write-edits.ts';
import { sealOf } from '../view/seal.ts';
import { type ProposedAnswer, proposedAnswer } from './changes.ts';
import { answerOf, type EditsAnswer } from './config-edit.ts';
import { chosenOf, objectsChosen, prepare } from './environments.ts';
import { defineVerb, select } from './verb.ts';

export type { NewObject } from '../objects/new-objects.ts';

export interface PromotionAnswer extends EditsAnswer {
  readonly from: string;
  readonly to: string;
  /** Edits that were made, or would be. */
  readonly edits: number;
  /** Objects that only the first environment had, made in the second. */
  readonly created: readonly NewObject[];
  /** Differences that stay, because they are what each environment is. */
  readonly kept: readonly KeptDifference[];
}

const query = object(
  'What is promoted where.',
  {
    from: text('The environment that is as the other is to be.'),
    to: text('The environment that is changed.'),
    select,
    where: choice(
      'What comes from elsewhere is refused, overridden in the environment, or changed where it is said. Default: refuse.',
      'refuse',
      'override',
      'there',
    ),
  },
  'from',
  'to',
);

/** The edits that make one environment's objects what another's are; what cannot be edited is named, and the rest is made. */
async function promote(
  context: EngineContext,
  asked: ValueOf<typeof query>,
  { write = false, at }: { readonly write?: boolean; readonly at?: string } = {},
): Promise<{ readonly answer: PromotionAnswer; readonly files: MadeEdits['files'] }> {
  if (asked.from === asked.to)
    throw new KarmaError('KARMA_USAGE', `${asked.from} is what it would be made`, {
      hint: 'name two environments: what the first one is, the second one is to be',
    });
  const { evaluated, view, instances, compared } = await prepare(context, at);
  const chosen = await objectsChosen(context, view, instances, asked.select ?? []);
  const [from, to] = [asked.from, asked.to].map((name) => chosenOf(instances, name, chosen));
  const { graph } = view;
  const comparison = compareEnvironments(compared, from ?? new Map(), to ?? new Map());
  const seal = await sealOf(context);
  // What others show of an environment is shown by all of them, whichever were chosen.
  const whole = [asked.from, asked.to].map((name) => instances.byEnvironment.get(name) ?? new Map());
  const all =
    chosen === undefined ? comparison : compareEnvironments(compared, whole[0] ?? new Map(), whole[1] ?? new Map());
  const values = learnValues(evaluated, all, { from: asked.from, to: asked.to, expected: compared.expected });
  const fresh = await makeObjects(evaluated, {
    ...asked,
    only: comparison.onlyFrom,
    values,
    prefixes: instances.prefixes,
    compared,
    seal,
  });
  const promotion = promotionOf(comparison, {
    values,
    claim: evaluated.claim,
    layoutOf: (id) => graph.component(graph.node(id) ?? -1).layout,
  });
  const edits = new EstateEdits(evaluated, { seal, where: asked.where ?? 'refuse' });
  const made = await edits.make(promotion.wanted);
  const files = [...made.files, ...fresh.files].sort((a, b) => (a.path < b.path ? -1 : 1));
  if (write) writeEdits(evaluated.estate, files);
  const edited = { ...made, files, refused: [...made.refused, ...promotion.refused, ...fresh.refused] };
  const answer = {
    ...answerOf(evaluated, edited, write && files.length > 0),
    from: asked.from,
    to: asked.to,
    edits: made.made.length,
    created: fresh.made,
    kept: promotion.kept,
  };
  return { answer, files };
}

export const environmentPromoteVerb = defineVerb({
  about:
    "The edits that make one environment's objects what another's are, as a patch; what cannot be edited is named.",
  query,
  writes: 'nothing',
  run: async (context, asked) => (await promote(context, asked)).answer,
});

/** The same into the work tree: for who sits in front of it. */
export const environmentPromoteWriteVerb = defineVerb({
  about: 'The same edits, written to the work tree.',
  query,
  writes: 'ledger',
  run: async (context, asked) => (await promote(context, asked, { write: true })).answer,
});

export interface ProposedPromotion extends PromotionAnswer {
  readonly proposed: ProposedAnswer;
}

/** The same as a change, made on the followed ref. */
export const environmentPromoteProposeVerb = defineVerb({
  about: 'The same edits as a change request, made on the followed ref.',
  query: {
    ...query,
    fields: { ...query.fields, reason: text('Why; default: what is promoted where.') },
  },
  writes: 'ledger',
  takes: 'proposer',
  concerns: async (_, { to }) => [to],
  run: async (context, { reason, ...asked }): Promise<ProposedPromotion> => {
    const { followed } = await openChanges(context);
    const { answer, files } = await promote(context, asked, { at: followed.commit });
    const what = (asked.select ?? []).length === 0 ? asked.from : `${(asked.select ?? []).join(', ')} of ${asked.from}`;
    const proposed = await proposeEdits(context, files, reason ?? `Promote ${what} to ${asked.to}`);
    return { ...answer, proposed: proposedAnswer(proposed) };
  },
});
