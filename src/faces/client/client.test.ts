import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { KarmaClient } from './client.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listening(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const said = (body: string, status = 200): RequestListener => {
  return (_, response) => void response.writeHead(status, { 'content-type': 'application/json' }).end(body);
};
const endless: RequestListener = (_, response) => {
  const part = Buffer.alloc(1024 * 1024, 'a');
  const more = (): void => {
    while (response.write(part));
    response.once('drain', more);
  };
  response.writeHead(500);
  more();
};

describe('what answers a client and is no service', () => {
  it.each<[string, RequestListener]>([
    ['a page', (_, response) => void response.end('<html>')],
    ['nothing', said('')],
    ['no answer', said('{}')],
    ['an answer that is none', said('{"answer": null, "notes": []}')],
    ['a list', said('[1]')],
    ['a problem called like a member of every object', said('{"code": "constructor", "detail": "x"}', 400)],
    ['a problem without words', said('{"code": 7, "detail": {"toString": 1}}', 400)],
    ['one that never ends', endless],
    [
      'one that breaks off',
      (_, response) => void response.writeHead(200, { 'content-length': 99 }).write('{', () => response.destroy()),
    ],
  ])('is told as one: %s', async (_, answer) => {
    const client = new KarmaClient({ url: await listening(answer) });
    await expect(client.ask('list', {})).rejects.toMatchObject({ code: 'KARMA_UPSTREAM' });
  });

  it('gets neither token nor question by pointing elsewhere', async () => {
    const heard: (string | undefined)[] = [];
    const elsewhere = await listening((request, response) => {
      heard.push(request.url);
      response.end('{"answer": {}, "notes": []}');
    });
    for (const status of [301, 302, 303, 307, 308]) {
      const url = await listening((_, response) => void response.writeHead(status, { location: elsewhere }).end());
      await expect(new KarmaClient({ url, token: 'x' }).ask('list', {})).rejects.toMatchObject({
        code: 'KARMA_UPSTREAM',
      });
    }
    expect(heard).toEqual([]);
  });

  it('tells what is text, and of a stream what are events', async () => {
    const notes: string[] = [];
    const url = await listening(said('{"answer": {"__proto__": {"a": 1}}, "notes": ["one", {"toString": 1}, 2]}'));
    await new KarmaClient({ url }).ask('list', {}, { note: (text) => notes.push(text) });
    expect([notes, Object.hasOwn(Object.prototype, 'a')]).toEqual([['one'], false]);
    const stream = await listening((_, response) => {
      response.write('id: x\ndata: {}\n\n__proto__: y\nid: 7\ndata: {"event": {"seq": 7}}\n\n');
      response.end('id: 8\ndata: no JSON\n\n');
    });
    const events = new KarmaClient({ url: stream }).events();
    expect((await events.next()).value).toEqual({ seq: 7 });
    await expect(events.next()).rejects.toMatchObject({ code: 'KARMA_UPSTREAM' });
  });
});
