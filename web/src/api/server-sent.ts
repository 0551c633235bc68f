/** One event of a stream as it stands on the wire. */
export interface ServerSent {
  readonly id?: string;
  readonly event: string;
  readonly data: string;
}

/**
 * Cuts a text into events. `EventSource` tells only of events whose names one knows beforehand; the ledger's actions grow.
 * Returns what is not yet a whole event.
 */
export function cutEvents(text: string, tell: (event: ServerSent) => void): string {
  const blocks = text.replaceAll('\r\n', '\n').split('\n\n');
  const rest = blocks.pop() ?? '';
  for (const block of blocks) {
    const fields = new Map<string, string>();
    for (const line of block.split('\n')) {
      const colon = line.indexOf(':');
      if (colon <= 0) continue;
      const name = line.slice(0, colon);
      const value = line.slice(colon + 1).replace(/^ /, '');
      fields.set(name, fields.has(name) ? `${fields.get(name)}\n${value}` : value);
    }
    if (fields.size === 0) continue;
    const id = fields.get('id');
    tell({
      ...(id === undefined ? {} : { id }),
      event: fields.get('event') ?? 'message',
      data: fields.get('data') ?? '',
    });
  }
  return rest;
}
