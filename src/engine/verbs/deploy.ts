import { count, flag, object, text } from '../../config/shape-parts.ts';
import { deploy } from '../deploying/deploy.ts';
import { defineVerb, faceOf, select } from './verb.ts';

/** What plan, deploy and destroy are told of a selection and of how runs go. */
export const running = {
  select,
  all: flag('Every component.'),
  binding: text('One account of an environment, or one deployment of a root module.'),
  parallelism: count('How many at once; default: one a core.', 1, 10_000),
  failFast: flag('Start nothing new after a failure.'),
  at: text('A Git revision to run; default: the work tree, from its commit when clean.'),
};

/** What those are told that write. */
export const writing = {
  takeOver: flag('Wait out the lease of a holder that is silent, and take it over.'),
  approval: text('The change request or words that approved it.'),
  cause: text('The event that it follows from.'),
};

export const deployVerb = defineVerb({
  about: 'Plans and applies a selection in order; what provably need not run is skipped.',
  query: object('What, and how.', {
    ...running,
    ...writing,
    cutoff: flag('Skip what provably need not run; default true.'),
    newState: flag('Allow a component whose runtime exists but whose state is empty.'),
    breakContracts: flag('Go on though an output goes that others read; it is recorded.'),
    verify: flag('Start nothing behind a component of which a check did not pass; it is run until it does.'),
  }),
  writes: 'infrastructure',
  run: (context, { select: selection = [], all = false, ...rest }, call) =>
    deploy(
      context,
      { selection, all, ...rest, ...(call.here?.plan === undefined ? {} : { plan: call.here.plan }) },
      faceOf(call),
    ),
});
