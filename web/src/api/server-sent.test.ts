import { describe, expect, it } from 'vitest';
import { cutEvents, type ServerSent } from './server-sent.ts';

function cut(...pieces: readonly string[]): ServerSent[] {
  const told: ServerSent[] = [];
  let rest = '';
  for (const piece of pieces) rest = cutEvents(rest + piece, (event) => told.push(event));
  return told;
}

describe('events of a stream', () => {
  it('are told with their names, whatever they are called', () => {
    expect(cut('id: 7\nevent: graph.published\ndata: {"a":1}\n\n')).toEqual([
      { id: '7', event: 'graph.published', data: '{"a":1}' },
    ]);
  });

  it('are told once they are whole, however they were cut on the way', () => {
    const text = 'id: 1\nevent: a\ndata: x\n\n: still here\n\nid: 2\nevent: b\ndata: y\n\n';
    expect(cut(...text)).toEqual(cut(text));
    expect(cut(text).map(({ id }) => id)).toEqual(['1', '2']);
  });

  it('may hold several lines, and colons in them', () => {
    expect(cut('data: one: two\ndata: three\n\n')).toEqual([{ event: 'message', data: 'one: two\nthree' }]);
  });
});
