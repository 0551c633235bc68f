import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HookMessage } from '../src/change/hook-message.ts';
import { beginHooks, tellHooks } from '../src/engine/hooks/tell-hooks.ts';
import { ask } from '../src/engine/verbs/table.ts';
import { verifyLedger } from '../src/stores/ledger/chain.ts';
import { changingEstates } from './support/changing.ts';
import { adageFiles } from './support/estates.ts';
import { environment, karma } from './support/karma.ts';

const estates = changingEstates();
const secret = 'a-secret-of-more-than-sixteen-letters';

describe('hooks', () => {
  const got: { headers: IncomingHttpHeaders; body: string }[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      got.push({ headers: request.headers, body });
      response.writeHead(status, { location: 'http://127.0.0.1:9/' }).end();
    });
  });
  let address = '';
  beforeAll(async () => {
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const bound = server.address();
    address = `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}/karma`;
  });
  afterAll(() => server.close());

  const estate = (hooks: string) =>
    estates.repository({ ...adageFiles, 'karma.yaml': `estate: told\nhooks:\n${hooks}` });
  const webhook = (on = '') => estate(`  - name: channel\n${on}    webhook: ${address}\n    secret: HOOK_SECRET\n`);
  const trusting = { KARMA_TRUST: 'all', HOOK_SECRET: secret };
  const propose = (reason: string, cidr: string) =>
    ['change', 'propose', 'dev/vpc/main', '--set', `cidr=${cidr}`, '--reason', reason] as const;
  const messages = () =>
    got.splice(0).map(({ headers, body }) => ({
      id: String(headers['webhook-id']),
      message: JSON.parse(body) as HookMessage,
      headers,
      body,
    }));

  it('tells nobody what an estate wants told before a person trusts that, and then from where it began', async () => {
    const cwd = webhook();
    const untrusted = await karma(propose('wider', '10.1.0.0/16'), { cwd, env: { HOOK_SECRET: secret } });
    expect(untrusted).toMatchObject({ code: 0 });
    expect(untrusted.stderr).toContain('hook channel is told nothing: nobody on this machine trusts that');
    expect(messages()).toEqual([]);
    expect((await karma(['trust', '--show'], { cwd })).stdout).toContain('hooks.channel');
    const unset = await karma(['hook', 'list'], { cwd, env: { KARMA_TRUST: 'all' } });
    expect(unset.stdout).toContain('HOOK_SECRET is not set here');
    const told = await karma(['hook', 'tell'], { cwd, env: trusting });
    expect(told).toMatchObject({ code: 0 });
    const [first, second, ...rest] = messages();
    expect(rest).toEqual([]);
    expect([first?.message.type, second?.message.type]).toEqual(['change.proposed', 'change.simulated']);
    expect(first?.message).toMatchObject({
      data: {
        estate: 'told',
        actor: 'tester',
        door: 'cli',
        change: { id: 'cr-1', state: 'proposed', reason: 'wider' },
      },
    });
    expect(second?.message.data.change.state).toBe('simulated');
    const signed = `${first?.id}.${first?.headers['webhook-timestamp']}.${first?.body}`;
    expect(first?.headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`,
    );
    expect((await karma(['hook', 'tell'], { cwd, env: trusting })).code).toBe(0);
    expect(messages()).toEqual([]);
  });

  it('tells what is asked for as it happens, with no secret in it, and the log says so', async () => {
    const cwd = webhook('    on: [cancelled]\n');
    const key = 'AKIAIOSFODNN7EXAMPLE';
    const ran = await karma(propose(`with ${key}`, '10.2.0.0/16'), { cwd, env: trusting });
    expect(ran.code).toBe(0);
    await karma(['change', 'cancel', 'cr-1'], { cwd, env: trusting });
    const [only, ...rest] = messages();
    expect(rest).toEqual([]);
    expect(only?.message.type).toBe('change.cancelled');
    expect(only?.body).not.toContain(key);
    expect(only?.body).not.toContain(secret);
    const log = await karma(['log', 'list', '--json'], { cwd });
    expect(log.stdout).toContain('hook.told');
    expect(log.stdout).not.toContain(secret);
  });

  it('tries again what was not taken, under the same id, and follows nobody elsewhere', async () => {
    const { context: own } = { context: estates.at(webhook('    on: [proposed]\n')) };
    let now = Date.now();
    const context = { ...own, env: { ...own.env, ...trusting }, now: () => new Date(now).toISOString() };
    await beginHooks(context);
    await ask(context, 'change-propose', {
      reason: 'r',
      edits: [{ id: 'dev/vpc/main', set: { cidr: '10.3.0.0/16' } }],
    });
    const ids: string[] = [];
    for (const wrong of [500, 302]) {
      status = wrong;
      const { told, due = '' } = await tellHooks(context);
      expect(told).toBe(0);
      // Not before it is due.
      await tellHooks(context);
      now = Date.parse(due);
      ids.push(...messages().map(({ id }) => id));
    }
    status = 200;
    expect(await tellHooks(context)).toEqual({ told: 1 });
    ids.push(...messages().map(({ id }) => id));
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    const { hooks } = await ask(context, 'hooks', {});
    expect(hooks[0]?.standing).toMatchObject({ told: 1, givenUp: 0 });
    expect((await verifyLedger(await context.stores.ledger())).sound).toBe(true);
  });

  it('tells again what somebody told who was killed before it was written down', async () => {
    const place = webhook('    on: [proposed]\n');
    const data = join(estates.folder, 'data-of-the-killed');
    const open = estates.at(place, data);
    const context = { ...open, env: { ...open.env, ...trusting } };
    await beginHooks(context);
    await ask(context, 'change-propose', {
      reason: 'r',
      edits: [{ id: 'dev/vpc/main', set: { cidr: '10.4.0.0/16' } }],
    });
    const program = `
import { killedAt, openAt } from ${JSON.stringify(join(import.meta.dirname, 'support/applying.ts'))};
import { tellHooks } from ${JSON.stringify(join(import.meta.dirname, '../src/engine/hooks/tell-hooks.ts'))};
const [place, data] = JSON.parse(process.argv[1]);
await tellHooks(killedAt(openAt(place, data, process.env), ({ action, when }) => action === 'hook.told' && when === 'before'));
`;
    const args = ['--input-type=module-typescript', '-e', program, JSON.stringify([place, data])];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: environment(trusting),
    });
    expect(await new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)))).toBe('SIGKILL');
    expect(await tellHooks(context)).toEqual({ told: 1 });
    const [first, again, ...rest] = messages();
    expect(rest).toEqual([]);
    expect(again?.id).toBe(first?.id);
    expect(again?.message).toEqual(first?.message);
  });

  it('hands a program the message and few variables, and starts none that lies in the estate', async () => {
    const tell = join(estates.folder, 'tell.sh');
    const heard = join(estates.folder, 'heard');
    writeFileSync(
      tell,
      `#!/bin/sh\n{ cat; echo; echo "$KARMA_HOOK $KARMA_STEP \${HOOK_SECRET-none} $1"; } >> ${heard}\n`,
    );
    chmodSync(tell, 0o755);
    const cwd = estate(
      `  - name: desk\n    on: [proposed]\n    run: [${tell}, once]\n  - name: own\n    run: [HERE]\n`,
    );
    const own = join(cwd, 'own.sh');
    writeFileSync(own, `#!/bin/sh\ntouch ${heard}-own\n`);
    chmodSync(own, 0o755);
    const file = join(cwd, 'karma.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('HERE', own));
    const ran = await karma(propose('wider', '10.5.0.0/16'), { cwd, env: trusting });
    expect(ran.code).toBe(0);
    const [message = '', words] = readFileSync(heard, 'utf8').trim().split('\n');
    expect(JSON.parse(message)).toMatchObject({ type: 'change.proposed', data: { change: { id: 'cr-1' } } });
    expect(words).toBe('desk change.proposed none once');
    expect(existsSync(`${heard}-own`)).toBe(false);
    const listed = await karma(['hook', 'list'], { cwd, env: trusting });
    expect(listed.stdout).toContain('lies in the estate: name a program outside of it');
  });
});
