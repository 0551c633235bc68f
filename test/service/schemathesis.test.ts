import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fetchSchemathesis } from '../../scripts/stand-ins/schemathesis.ts';
import { isMissing } from '../../scripts/stand-ins/server.ts';
import { type Service, serve, text, until } from '../support/service.ts';

const folder = fetchSchemathesis();
// Not by its script, which names the folder that it was made in.
const program = isMissing(folder) ? '' : join(folder, 'bin', 'python');
const isThere = !isMissing(folder);
if (isMissing(folder)) console.log(folder.missing);

/** How often each question is asked with something made up; `KARMA_FUZZ=500` goes on longer. */
const tries = process.env['KARMA_FUZZ'] ?? '4';

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
          ...[
            '-m',
            'schemathesis.cli',
            'run',
            `${service.address}/v1/openapi.json`,
            '--checks',
            'all',
            '-n',
            tries,
            '--request-timeout',
            '60',
          ],
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
