import { KarmaError } from '../../model/errors.ts';
import { readJson, readValue } from './body.ts';

/** More at once than this is a history and no news. */
const most = 100;

/**
 * The events of a request, in each way in which CloudEvents come over HTTP: one as a JSON object, several as a list, or one whose
 * attributes stand in headers. @throws KARMA_INPUT_INVALID, KARMA_USAGE
 */
export async function cloudEventsOf(request: Request): Promise<readonly object[]> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/cloudevents-batch+json') {
    const all = await readValue(request);
    if (!Array.isArray(all) || all.length > most)
      throw new KarmaError('KARMA_INPUT_INVALID', `a batch is a list of at most ${most} events`, {});
    return all.map((one) => attributesOf(one));
  }
  if (type === 'application/cloudevents+json' || request.headers.get('ce-id') === null)
    return [attributesOf(await readJson(request))];
  const attributes = Object.fromEntries(
    ['id', 'source', 'type', 'subject', 'time', 'specversion'].flatMap((name) => {
      const value = request.headers.get(`ce-${name}`);
      return value === null ? [] : [[name, decoded(value)]];
    }),
  );
  const hasBody = request.body !== null && type !== '';
  return [attributesOf({ ...attributes, ...(hasBody ? { data: await readValue(request) } : {}) })];
}

/** Headers carry what is no plain letter as percent signs; one that is none stays as it is. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

const known = ['id', 'source', 'type', 'subject', 'time', 'data'] as const;

/** What is kept of an event: extensions of others, its content type and its schema say nothing of what happened. */
function attributesOf(given: unknown): object {
  if (given === null || typeof given !== 'object' || Array.isArray(given))
    throw new KarmaError('KARMA_INPUT_INVALID', 'an event is one JSON object', {});
  const event = given as Readonly<Record<string, unknown>>;
  if (event['specversion'] !== undefined && event['specversion'] !== '1.0')
    throw new KarmaError('KARMA_INPUT_INVALID', 'CloudEvents 1.0 are taken', { hint: '"specversion": "1.0"' });
  return Object.fromEntries(known.flatMap((name) => (event[name] === undefined ? [] : [[name, event[name]]])));
}
