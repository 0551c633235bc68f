import { count, object } from '../../config/shape-parts.ts';
import { listVersions } from '../versions/versions.ts';
import { defineVerb } from './verb.ts';

export const versionsVerb = defineVerb({
  about: 'The published versions, newest first.',
  query: object('How many.', { limit: count('At most so many; default 20.', 1, 1000) }),
  writes: 'nothing',
  run: async (context, { limit = 20 }) => ({ versions: await listVersions(context, limit) }),
});
