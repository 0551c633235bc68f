import { KarmaError } from '../../model/errors.ts';

export interface ServerSent {
  readonly id?: string;
  readonly event?: string;
  readonly data: string;
}

/** An event of the ledger stays below it by far. In characters. */
const longest = 16 * 1024 * 1024;

/** What a stream of server-sent events says, event by event. @throws KARMA_UPSTREAM for one that never ends */
export async function* eventsIn(response: Response): AsyncGenerator<ServerSent> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  let open = '';
  for await (const part of response.body) {
    open += decoder.decode(part, { stream: true });
    if (open.length > longest)
      throw new KarmaError('KARMA_UPSTREAM', 'the service tells of something without an end', {
        hint: 'is it a service of Karma that answers at this address?',
      });
    const blocks = open.split(/\r?\n\r?\n/);
    open = blocks.pop() ?? '';
    yield* blocks.map(eventOf);
  }
}

function eventOf(block: string): ServerSent {
  const fields: Record<string, string> = Object.create(null);
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const cut = line.indexOf(':');
    if (cut <= 0) continue;
    const value = line.slice(cut + 1).replace(/^ /, '');
    if (line.slice(0, cut) === 'data') data.push(value);
    else fields[line.slice(0, cut)] = value;
  }
  const { id, event } = fields;
  return { data: data.join('\n'), ...(id === undefined ? {} : { id }), ...(event === undefined ? {} : { event }) };
}
