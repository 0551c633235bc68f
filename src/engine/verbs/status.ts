import { count, flag, object, text } from '../../config/shape-parts.ts';
import { status } from '../deployed/tell-status.ts';
import { cursor, limit } from '../paging.ts';
import { at, defineVerb, faceOf, select } from './verb.ts';

export const statusVerb = defineVerb({
  about: 'Per component: deployed, stale, unpublished, edited, never run, failed, external or unknown, and why.',
  query: object('Of which.', {
    select,
    at,
    binding: text('One account of an environment.'),
    limit,
    cursor,
  }),
  writes: 'nothing',
  run: (context, { select: selection = [], ...rest }, { here }) =>
    status(context, { selection, ...rest, ...(here?.states === undefined ? {} : { states: here.states }) }),
});

export const statusRefreshVerb = defineVerb({
  about: 'The same, and Terraform compares the real resources with its states; what it says is kept as an event.',
  query: object('Of which.', {
    select,
    binding: text('One account of an environment.'),
    all: flag('Every component.'),
    parallelism: count('How many at once; default: one a core.', 1, 10_000),
  }),
  writes: 'ledger',
  run: (context, { select: selection = [], all = false, parallelism, ...rest }, call) =>
    status(context, {
      selection,
      ...rest,
      ...(call.here?.states === undefined ? {} : { states: call.here.states }),
      refresh: { all, face: faceOf(call), ...(parallelism === undefined ? {} : { parallelism }) },
    }),
});
