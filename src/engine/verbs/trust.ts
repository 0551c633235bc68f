import { choice, object } from '../../config/shape-parts.ts';
import { trustEstate } from '../trust.ts';
import { defineVerb } from './verb.ts';

export const trustVerb = defineVerb({
  about:
    'What `karma.yaml` says of places outside of the estate, and the programs that Git would start for one that is published: shown, trusted on this machine, or trusted no more.',
  query: object('What to do.', { what: choice('With it.', 'show', 'keep', 'drop') }, 'what'),
  writes: 'ledger',
  run: async (context, { what }) => trustEstate(context, what),
});
