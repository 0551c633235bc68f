import { count, object } from '../../config/shape-parts.ts';
import { limit } from '../paging.ts';
import { forgetVersions, listVersions } from '../versions/versions.ts';
import { defineVerb } from './verb.ts';

export const versionsVerb = defineVerb({
  about: 'The published versions, newest first.',
  query: object('How many.', {
    limit: { ...limit, about: 'At most so many; default 20.' },
    before: count('Before the event of this number: `next` of an answer goes on with it.', 1, Number.MAX_SAFE_INTEGER),
  }),
  writes: 'nothing',
  isSmall: true,
  run: (context, { limit: most = 20, ...rest }) => listVersions(context, { limit: most, ...rest }),
});

export const versionsForgetVerb = defineVerb({
  about: 'Forgets what was visible only before a version; the ledger keeps the deltas.',
  query: object('Before which.', { before: count('A version.', 1, Number.MAX_SAFE_INTEGER) }, 'before'),
  writes: 'ledger',
  run: async (context, { before }) => {
    await forgetVersions(context, before);
    return { forgotten: `before v${before}` };
  },
});
