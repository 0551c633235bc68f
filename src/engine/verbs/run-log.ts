import { count, object, text } from '../../config/shape-parts.ts';
import { readReportedLog } from '../runs/reported-log.ts';
import { hasRunLog, readRunLog } from '../runs/run-log.ts';
import { defineVerb } from './verb.ts';

const largest = 256 * 1024;

export const runLogVerb = defineVerb({
  about: "A part of a run's log, from a place on.",
  query: object(
    'Which part of which.',
    {
      id: text('A run.'),
      from: count('The byte at which it begins: `next` of the part before.', 0, Number.MAX_SAFE_INTEGER),
      most: count('At most so many bytes.', 1, largest),
    },
    'id',
  ),
  writes: 'nothing',
  isSmall: true,
  run: async (context, { id, from = 0, most = largest }) => {
    const told = hasRunLog(context, id)
      ? undefined
      : await readReportedLog(await context.stores.ledger(), id, { from, most });
    return told ?? readRunLog(context, id, { from, most });
  },
});
