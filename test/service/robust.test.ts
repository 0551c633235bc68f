import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { git, karma, karmaJson } from '../support/karma.ts';
import { estateOf, type Service, serve, start, text, until } from '../support/service.ts';

const folder = mkdtempSync(join(tmpdir(), 'karma-robust-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const json = { 'content-type': 'application/json' };

async function tell(service: Service, id: string, data: unknown = {}): Promise<number> {
  const body = JSON.stringify({ id, source: 'test', type: 'said', data });
  return (await text(service, '/v1/events', { method: 'POST', body, headers: json })).status;
}

function socketTo(service: Service): Socket {
  const socket = connect(Number(new URL(service.address).port), '127.0.0.1');
  socket.on('error', () => undefined);
  return socket;
}

async function listeners(service: Service): Promise<number> {
  return Number(/^karma_listeners (\d+)$/m.exec((await text(service, '/metrics')).body)?.[1]);
}

const residentMb = (service: Service) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${service.child.pid}/status`, 'utf8'))?.[1]) / 1024;

describe('listeners', () => {
  let service: Service;

  beforeAll(async () => {
    service = await serve('three', ['--no-follow']);
  });

  it.skipIf(process.platform !== 'linux')('that take nothing cost no memory, and hold up nobody', async () => {
    for (let n = 0; n < 100; n++) expect(await tell(service, `large ${n}`, { words: 'x'.repeat(30_000) })).toBe(202);
    const before = residentMb(service);
    // 100 events of 30 kB to each: 300 MB, if it were made before it is taken.
    const stalled = Array.from({ length: 100 }, () => {
      const socket = socketTo(service);
      socket.pause();
      const { host } = new URL(service.address);
      socket.write(`GET /v1/log/stream?after=0 HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
      return socket;
    });
    await until(
      () => listeners(service),
      (now) => now === stalled.length,
    );
    const heard = await fetch(`${service.address}/v1/log/stream?after=0`);
    const reader = (heard.body as ReadableStream<Uint8Array>).getReader();
    const decoder = new TextDecoder();
    for (let all = ''; !all.includes('id: 100\n'); ) {
      const { value } = await reader.read();
      all = all.slice(-20) + decoder.decode(value, { stream: true });
    }
    expect(residentMb(service) - before).toBeLessThan(150);
    await reader.cancel();
    for (const socket of stalled) socket.destroy();
    await until(
      () => listeners(service),
      (now) => now === 0,
    );
  });

  it('that vanish are forgotten, and one that comes again goes on', async () => {
    const gone = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const stop = new AbortController();
        await fetch(`${service.address}/v1/log/stream`, { signal: stop.signal });
        return stop;
      }),
    );
    await until(
      () => listeners(service),
      (now) => now === gone.length,
    );
    for (const stop of gone) stop.abort();
    await until(
      () => listeners(service),
      (now) => now === 0,
    );
    const { events } = await karmaJson<{ events: { seq: number }[] }>(['log', 'list'], { cwd: service.place });
    await tell(service, 'meanwhile');
    const heard = await fetch(`${service.address}/v1/log/stream`, {
      headers: { 'last-event-id': String(events[0]?.seq) },
    });
    const reader = (heard.body as ReadableStream<Uint8Array>).getReader();
    let all = '';
    while (!all.includes('meanwhile')) all += new TextDecoder().decode((await reader.read()).value);
    await reader.cancel();
  });

  it('do not stay for the headers alone', async () => {
    const got = await fetch(`${service.address}/v1/log/stream`, { method: 'HEAD' });
    expect(got.headers.get('content-type')).toBe('text/event-stream');
    expect(await listeners(service)).toBe(0);
  });
});

describe('what no client sends', () => {
  let service: Service;

  beforeAll(async () => {
    service = await serve('three', ['--no-follow']);
  });

  /** What comes back until the other end closes, or the first line of it. */
  const raw = (bytes: string | Buffer): Promise<string> =>
    new Promise((answered) => {
      const socket = socketTo(service);
      let said = '';
      socket.on('data', (part) => {
        said += part.toString();
        if (said.includes('\r\n')) socket.destroy();
      });
      socket.on('close', () => answered(said.split('\r\n')[0] ?? ''));
      socket.write(bytes);
    });
  const host = () => `host: ${new URL(service.address).host}`;

  it.each([
    ['no HTTP', () => 'hello\r\n\r\n'],
    ['a header without end', () => `GET / HTTP/1.1\r\n${host()}\r\nx: ${'x'.repeat(100_000)}`],
    ['thousands of headers', () => `GET / HTTP/1.1\r\n${host()}\r\n${'a: b\r\n'.repeat(20_000)}\r\n`],
    ['two lengths', () => `POST /v1/ask HTTP/1.1\r\n${host()}\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}`],
    ['a length that is none', () => `POST /v1/ask HTTP/1.1\r\n${host()}\r\ncontent-length: -1\r\n\r\n{}`],
    ['a name of another service', () => 'GET http://evil.example/v1 HTTP/1.1\r\nhost: evil.example\r\n\r\n'],
    ['another name behind its own', () => `GET http://evil.example/v1 HTTP/1.1\r\n${host()}\r\n\r\n`],
    ['two names', () => `GET /v1 HTTP/1.1\r\n${host()}\r\nhost: evil.example\r\n\r\n`],
    ['no name', () => 'GET /v1 HTTP/1.0\r\n\r\n'],
    ['a method of its own', () => `BREW /v1 HTTP/1.1\r\n${host()}\r\n\r\n`],
    ['a tunnel', () => `CONNECT evil.example:443 HTTP/1.1\r\n${host()}\r\n\r\n`],
  ])('is refused and nothing more: %s', async (_, bytes) => {
    expect(await raw(bytes())).toMatch(/^$|^HTTP\/1\.1 4\d\d /);
    expect((await text(service, '/healthz')).status).toBe(200);
  });

  it.each([
    ['half a percent sign', '/v1/component?id=%'],
    ['half a character', '/v1/component?id=%ff%fe'],
    ['a NUL', '/v1/component?id=%00'],
    ['a place above', '/v1/../../etc/passwd'],
    ['a place above, hidden', '/..%2f..%2fetc%2fpasswd'],
    ['thousands of parameters', `/v1/components?${'select=a&'.repeat(1_700)}`],
    ['a selection without end', `/v1/components?select=${'...'.repeat(3_000)}`],
    ['a selection of many brackets', `/v1/components?select=${'('.repeat(5_000)}`],
    ['a pattern that takes for ever', `/v1/components?select=${'*a'.repeat(500)}`],
    ['a number beyond all', '/v1/versions?limit=1e400'],
    ['a cursor of somebody else', '/v1/components?cursor=eyJhIjoxfQ'],
    ['a revision that is an option', '/v1/diff?from=--upload-pack%3Dtouch&to=HEAD'],
  ])('is answered in words: %s', async (_, path) => {
    const got = await text(service, path);
    expect({ path, status: got.status, body: got.status < 500 ? '' : got.body }).toMatchObject({ body: '' });
    expect(got.body).not.toMatch(/KARMA_BUG|\bat .*\.[jt]s:\d/);
  });

  it.each([
    ['deeper than anybody reads', '['.repeat(200_000)],
    [
      'deeper than anybody reads, as data',
      `{"id":"1","source":"a","type":"b","data":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
    ],
    ['half a character', '{"id":"\\ud800","source":"a","type":"b"}'],
    ['names of every object', '{"id":"1","source":"a","type":"b","data":{"__proto__":{"x":1},"constructor":1}}'],
    ['numbers beyond all', '{"id":"1","source":"a","type":"b","data":1e400}'],
    ['many zeros', `{"id":"1","source":"a","type":"b","data":${'9'.repeat(30_000)}}`],
  ])('is taken or refused in words: a body %s', async (_, body) => {
    for (const path of ['/v1/events', '/v1/ask', '/v1/graph/query', '/v1/config/validate']) {
      const got = await text(service, path, { method: 'POST', body, headers: json });
      expect({ path, status: got.status, told: got.status < 500 ? '' : got.body }).toMatchObject({ told: '' });
    }
    expect((await karma(['log', 'verify'], { cwd: service.place })).code).toBe(0);
  });

  it('that is begun and not ended holds up nobody', async () => {
    const slow = Array.from({ length: 200 }, (_, n) => {
      const socket = socketTo(service);
      const length = n % 2 === 0 ? '' : 'content-type: application/json\r\ncontent-length: 100\r\n\r\n{';
      socket.write(`POST /v1/ask HTTP/1.1\r\n${host()}\r\n${length}`);
      return socket;
    });
    for (let asked = 0; asked < 20; asked++) expect((await text(service, '/v1/overview')).status).toBe(200);
    for (const socket of slow) socket.destroy();
  });
});

describe('a service whose ground moves', () => {
  it('answers from one version or the other while it builds', async () => {
    const service = await serve('twelve', ['--no-follow']);
    await text(service, '/v1/build', { method: 'POST' });
    const seen = new Map<string, Set<string>>();
    for (let round = 0; round < 3; round++) {
      service.repository.write({ [`iac/dev/vpc/n${round}/config.json`]: '{"cidr": "10.9.0.0/16"}' }).commit(`${round}`);
      const building = text(service, '/v1/build', { method: 'POST' });
      const asked = Array.from({ length: 15 }, () => text(service, '/v1/components'));
      for (const { status, headers, body } of await Promise.all(asked)) {
        expect(status).toBe(200);
        const version = headers.get('karma-version') ?? '';
        seen.set(version, (seen.get(version) ?? new Set()).add(body));
      }
      expect((await building).status).toBe(200);
    }
    for (const [version, bodies] of seen) expect({ version, answers: bodies.size }).toEqual({ version, answers: 1 });
  });

  it('follows a history that was written anew', async () => {
    const service = await serve('three', []);
    await until(
      () => text(service, '/v1'),
      ({ body }) => body.includes('"n": 1') || body.includes('"version"'),
    );
    const { repository } = service;
    repository.write({ 'iac/dev/vpc/second/config.json': '{"cidr": "10.9.0.0/16"}' });
    git(repository.root, 'checkout', '-q', '--orphan', 'anew');
    git(repository.root, 'add', '-A');
    git(repository.root, 'commit', '-qm', 'all of it, once');
    git(repository.root, 'branch', '-qD', 'main');
    git(repository.root, 'branch', '-qm', 'main');
    git(repository.root, 'reflog', 'expire', '--expire=now', '--all');
    git(repository.root, 'gc', '-q', '--prune=now');
    await until(
      () => text(service, '/v1/components'),
      ({ body }) => body.includes('dev/vpc/second'),
    );
    for (const path of ['/v1/overview', '/v1/versions', '/v1/diff?from=v1&to=v2', '/v1/log', '/v1/status'])
      expect({ path, status: (await text(service, path)).status }).toEqual({ path, status: 200 });
  });

  it('says in words that the repository is gone, and goes on when it is back', async () => {
    const service = await serve('three', ['--no-follow', '--data', join(folder, 'apart')]);
    await text(service, '/v1/build', { method: 'POST' });
    renameSync(service.place, `${service.place}-away`);
    // What is published needs no repository.
    expect((await text(service, '/v1/components')).status).toBe(200);
    const gone = await text(service, '/v1/components?at=worktree');
    expect(JSON.parse(gone.body)).toMatchObject({ code: expect.stringMatching(/^KARMA_(?!BUG)/) });
    renameSync(`${service.place}-away`, service.place);
    expect((await text(service, '/v1/components?at=worktree')).status).toBe(200);
  });

  it('is alive and not ready while its store is out of reach', async () => {
    const place = estateOf('three').root;
    const data = join(folder, 'broken');
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, 'ledger.db'), 'this is no database'.repeat(1_000));
    const service = await start(place, ['--no-follow', '--data', data]);
    expect((await text(service, '/healthz')).status).toBe(200);
    const ready = await text(service, '/readyz');
    expect(ready.status).toBe(503);
    expect(JSON.parse(ready.body)).toMatchObject({ status: 503, code: 'KARMA_DATA_CORRUPT' });
    const stream = await text(service, '/v1/log/stream');
    expect(stream.headers.get('content-type')).toBe('application/problem+json');
  });
});

describe('a service that is killed', () => {
  it('loses nothing that it said was done', async () => {
    const { root } = estateOf('twelve');
    const done: string[] = [];
    for (let round = 0; round < 3; round++) {
      const service = await start(root, []);
      const sending = (async () => {
        for (let n = 0; ; n++) {
          const id = `${round}-${n}`;
          if ((await tell(service, id).catch(() => 0)) !== 202) return;
          done.push(id);
        }
      })();
      appendFileSync(join(root, 'README.md'), `${round}\n`);
      git(root, 'commit', '-qam', `${round}`);
      await until(
        async () => done.length,
        (count) => count >= (round + 1) * 10,
      );
      service.child.kill('SIGKILL');
      await sending;
    }
    expect((await karma(['log', 'verify'], { cwd: root })).code).toBe(0);
    const { stdout } = await karma(['log', 'export'], { cwd: root });
    const kept = new Set(
      stdout
        .split('\n')
        .filter((line) => line.includes('event.received'))
        .map((line) => (JSON.parse(line) as { details: { id: string } }).details.id),
    );
    expect(done.filter((id) => !kept.has(id))).toEqual([]);
    const service = await start(root, []);
    expect((await text(service, '/readyz')).status).toBe(200);
    const again = await text(service, '/v1/events', {
      ...{ method: 'POST', headers: json },
      body: JSON.stringify({ id: done[0], source: 'test', type: 'said', data: {} }),
    });
    expect(JSON.parse(again.body)).toMatchObject({ events: [{ duplicate: true }] });
  });
});
