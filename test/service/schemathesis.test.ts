import { spawn, spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Service, serve, text, until } from '../support/service.ts';

const program = process.env['KARMA_SCHEMATHESIS'] ?? 'schemathesis';
const isThere = spawnSync(program, ['--version']).status === 0;
if (!isThere)
  console.log('schemathesis is not installed: the OpenAPI document is not tried (pip install schemathesis)');

/** How often each question is asked with something made up; `KARMA_FUZZ=500` goes on longer. */
const tries = process.env['KARMA_FUZZ'] ?? '10';

describe.skipIf(!isThere)('the description of the service', () => {
  let service: Service;

  beforeAll(async () => {
    service = await serve('twelve');
    await until(
      () => text(service, '/v1/versions'),
      ({ body }) => body.includes('"version": 1'),
    );
  });

  it('is kept to whatever is asked: nothing fails inside, nothing that is off is taken, every answer has its schema', async () => {
    const { code, said } = await new Promise<{ code: number | null; said: string }>((ended) => {
      const child = spawn(
        program,
        [
          ...['run', `${service.address}/v1/openapi.json`, '--checks', 'all', '-n', tries, '--request-timeout', '60'],
          // A selection or a range is a language: a text that its schema allows may say nothing in it.
          ...['--exclude-checks', 'positive_data_acceptance'],
          // It has no end.
          ...['--exclude-path', '/v1/log/stream', '--phases', 'examples,coverage,fuzzing'],
        ],
        { stdio: ['ignore', 'pipe', 'pipe'], cwd: service.place },
      );
      let text = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (part: Buffer) => {
          text += part.toString();
        });
      child.once('exit', (code) => ended({ code, said: text }));
    });
    expect(code, said).toBe(0);
  });
});
