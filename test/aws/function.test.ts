import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildFunction } from '../../scripts/build-function.ts';
import { commitAll, temporaryFolder } from '../support/estates.ts';
import { environment, git, root } from '../support/karma.ts';
import { type EstateOnAws, estateOnAws } from './estate-on-aws.ts';
import { servers, withServer } from './servers.ts';

/** The one file as AWS runs it: a process that gets event after event, with nothing of this repository around it. */
class Instance {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor(file: string, env: Readonly<Record<string, string>>) {
    const program = `
      const { handler } = await import(process.argv[1]);
      for await (const line of (await import('node:readline')).createInterface(process.stdin))
        console.log(JSON.stringify(await handler(JSON.parse(line)).then((answer) => ({ answer }), ({ code, message }) => ({ code, message }))));`;
    this.#child = spawn(process.execPath, ['--input-type=module', '-e', program, file], {
      ...{ env: environment(env), stdio: ['pipe', 'pipe', 'inherit'], cwd: '/' },
    });
    this.#answers = createInterface(this.#child.stdout as NodeJS.ReadableStream)[Symbol.asyncIterator]();
  }

  async call(event: object): Promise<Record<string, unknown>> {
    this.#child.stdin?.write(`${JSON.stringify(event)}\n`);
    return JSON.parse((await this.#answers.next()).value as string) as Record<string, unknown>;
  }

  stop(): void {
    this.#child.kill();
  }
}

/** As AWS sent it once, with the token of this estate. */
function recorded(name: string, token = ''): object {
  const text = readFileSync(new URL(`./events/${name}.json`, import.meta.url), 'utf8');
  return JSON.parse(text.replace('TOKEN', token)) as object;
}

withServer('the function', servers.gremlin, ({ endpoint: gremlin }) => {
  withServer('on AWS', servers.moto, ({ endpoint: moto }) => {
    const folder = temporaryFolder();
    const estate = join(folder, 'estate');
    let aws: EstateOnAws;
    let instance: Instance;

    beforeAll(async () => {
      cpSync(join(root, 'examples/three'), estate, { recursive: true });
      git(estate, 'init', '-q', '-b', 'main');
      commitAll(estate, 'one');
      aws = await estateOnAws({ gremlin, moto }, ['three-dev']);
      const built = await buildFunction(join(folder, 'built'));
      mkdirSync(join(folder, 'task'));
      copyFileSync(built, join(folder, 'task/index.mjs'));
      expect(readdirSync(join(folder, 'task'))).toEqual(['index.mjs']);
      instance = new Instance(join(folder, 'task/index.mjs'), {
        ...aws.env,
        KARMA_DIR: estate,
        KARMA_DATA: join(folder, 'tmp'),
      });
    });
    afterAll(async () => {
      instance.stop();
      await aws.close();
    });

    it('is one file that publishes by schedule and after a parameter, and answers over HTTP', async () => {
      expect(await instance.call(recorded('schedule'))).toEqual({ answer: { version: 1, changed: true } });
      const made = await aws.ask(estate, 'token', 'create', 'x', '--role', 'proposer', '--json');
      const { token } = JSON.parse(made.stdout) as { token: string };
      const listed = await instance.call(recorded('api-gateway', token));
      expect(listed).toMatchObject({ answer: { statusCode: 200, headers: { 'karma-version': 'v1' } } });
      expect((listed['answer'] as { body: string }).body).toContain('"id": "dev/network/main"');
      expect(await instance.call(recorded('api-gateway', 'karma_wrong'))).toMatchObject({
        answer: { statusCode: 401 },
      });
      expect(await instance.call(recorded('function-url', token))).toMatchObject({ answer: { statusCode: 202 } });
      const runtime = JSON.stringify({ subnet_ids: ['subnet-1'] });
      const put = [
        'parameter',
        'put',
        '/iac/network/main/runtime',
        runtime,
        '--type',
        'String',
        '--binding',
        'three-dev',
      ];
      expect(await aws.ask(estate, ...put)).toMatchObject({ code: 0 });
      expect(await instance.call(recorded('parameter-store-change'))).toEqual({
        answer: { version: 2, changed: true },
      });
      expect(await instance.call(recorded('parameter-store-change'))).toEqual({
        answer: { version: 2, changed: false },
      });
      const { stdout } = await aws.ask(estate, 'log', 'list', '--action', 'graph.published', '--json');
      const { events } = JSON.parse(stdout) as { events: { actor: string; door: string }[] };
      expect(events).toMatchObject([{ door: 'lambda' }, { door: 'lambda' }]);
    });

    it('throws what it can do nothing at, so that AWS keeps it', async () => {
      expect(await instance.call({ source: 'aws.s3', 'detail-type': 'Object Created' })).toMatchObject({
        code: 'KARMA_INPUT_INVALID',
      });
    });
  });
});
