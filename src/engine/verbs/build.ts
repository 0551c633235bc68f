import { flag, object, text } from '../../config/shape-parts.ts';
import { build } from '../versions/build.ts';
import { defineVerb } from './verb.ts';

export const buildVerb = defineVerb({
  about: 'Publishes a graph version from the followed ref.',
  query: object('From where.', {
    at: text('A Git revision; default: what `follow:` names, else HEAD.'),
    yields: flag(
      'Not where a newer Karma published the newest version: whoever follows by itself leaves it to that one.',
    ),
  }),
  writes: 'ledger',
  run: (context, query) => build(context, query.at, query.yields),
});
