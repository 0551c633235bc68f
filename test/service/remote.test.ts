import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchMirror } from '../../src/fetch/mirror.ts';
import { TemporaryRepository } from '../../src/observe/git/temporary-repository.ts';
import { thisHost } from '../../src/stores/ledger/liveness.ts';
import { GitServer } from '../support/git-server.ts';
import { karma } from '../support/karma.ts';
import { estateOf, type Service, start, text, until } from '../support/service.ts';

const folder = mkdtempSync(join(tmpdir(), 'karma-remote-'));
const [password, secret] = ['the password of git', 'the secret of the webhook'];
const server = new GitServer(join(folder, 'served'), password);
let env: Record<string, string>;

/** A bare repository on the server, and the clone that people work in. */
function published(name: string, from: TemporaryRepository): void {
  const bare = join(folder, 'served', name);
  from.git('clone', '-q', '--bare', from.root, bare);
  from.git('remote', 'add', 'origin', bare);
}

beforeAll(async () => {
  mkdirSync(join(folder, 'served'));
  await server.start();
  // The person's own git knows the password, and nothing else does.
  const settings = join(folder, 'gitconfig');
  writeFileSync(settings, `[credential]\n\thelper = "!f() { echo username=karma; echo password='${password}'; }; f"\n`);
  env = { GIT_CONFIG_GLOBAL: settings, KARMA_DATA: join(folder, 'data'), KARMA_WEBHOOK_SECRET: secret };
});
afterAll(() => {
  server.stop();
  rmSync(folder, { recursive: true, force: true });
});

// Each test goes on from what the one before left: begun again, one would wait for ever.
describe('a service whose estate lies elsewhere', { retry: 0 }, () => {
  let service: Service;
  let work: TemporaryRepository;
  let url: string;

  beforeAll(async () => {
    work = estateOf('three');
    published('infra.git', work);
    url = `${server.address}/infra.git`;
    service = await start(folder, ['--remote', url, '--fetch-every', '0', '--no-worker'], env);
  });

  const components = async () =>
    (JSON.parse((await text(service, '/v1/components')).body) as { items?: unknown[]; components?: unknown[] })
      .components?.length;
  const push = (name: string) => {
    work.write({ [`iac/dev/network/${name}/config.json`]: '{ "cidr": "10.9.0.0/16" }' });
    work.commit(`add ${name}`);
    work.git('push', '-q', 'origin', 'HEAD:main');
    return JSON.stringify({ ref: 'refs/heads/main', after: name, repository: { clone_url: url } });
  };
  const send = async (sender: string, body: string, headers: Record<string, string>) => {
    const all = { 'content-type': 'application/json', ...headers };
    const got = await text(service, `/v1/hooks/${sender}`, { method: 'POST', body, headers: all });
    return { status: got.status, said: JSON.parse(got.body) as { fetches?: string[]; again?: boolean; code?: string } };
  };
  const github = (body: string, key = secret, event = 'push') =>
    send('github', body, {
      'x-github-event': event,
      'x-hub-signature-256': `sha256=${createHmac('sha256', key).update(body).digest('hex')}`,
    });

  it('answers from a mirror, and goes on after a push that GitHub tells of', async () => {
    expect(await until(components, (count) => count === 3)).toBe(3);
    expect(await github(push('second'))).toMatchObject({ status: 202, said: { fetches: [''] } });
    await until(components, (count) => count === 4);
    // The event stands in the ledger a moment after what was fetched can be asked for.
    const log = await until(
      async () => (await text(service, '/v1/log?action=repository.fetched')).body,
      (body) => body.includes('"repository.fetched"'),
    );
    expect(JSON.parse(log)).toMatchObject({
      events: [{ subject: 'the estate', door: 'schedule', details: { url } }],
    });
  });

  it('takes what GitLab tells, with its token or signed with its time', async () => {
    const plain = (body: string) => body.replace('"repository":{"clone_url"', '"project":{"git_http_url"');
    const shown = { 'x-gitlab-event': 'Push Hook', 'x-gitlab-token': secret };
    expect(await send('gitlab', plain(push('third')), shown)).toMatchObject({ status: 202, said: { fetches: [''] } });
    await until(components, (count) => count === 5);
    const signed = (body: string, id: string, seconds: number) => ({
      ...{ 'x-gitlab-event': 'Push Hook', 'webhook-id': id, 'webhook-timestamp': String(seconds) },
      'webhook-signature': `v1,${createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64')}`,
    });
    const now = Math.floor(Date.now() / 1000);
    const body = plain(push('fourth'));
    expect(await send('gitlab', body, signed(body, 'm1', now - 3_600))).toMatchObject({ status: 401 });
    expect(await send('gitlab', body, signed(body, 'm1', now))).toMatchObject({ status: 202, said: { fetches: [''] } });
    expect(await send('gitlab', body, signed(body, 'm1', now))).toMatchObject({ said: { fetches: [], again: true } });
    await until(components, (count) => count === 6);
  });

  it('does nothing for who does not know the secret, for what was told before, and for what is about something else', async () => {
    const body = push('fifth');
    expect(await github(body, 'another secret')).toMatchObject({ status: 401, said: { code: 'KARMA_UNKNOWN_CALLER' } });
    expect(await send('github', body, { 'x-github-event': 'push' })).toMatchObject({ status: 401 });
    expect(await send('gitlab', body, { 'x-gitlab-event': 'Push Hook', 'x-gitlab-token': 'x' })).toMatchObject({
      status: 401,
    });
    expect(await github(body.replace('clone_url', 'name'))).toMatchObject({ status: 202, said: { fetches: [] } });
    expect(await github('{"zen":"…"}', secret, 'ping')).toMatchObject({ status: 202, said: { fetches: [] } });
    expect(await github('{', secret)).toMatchObject({ status: 422 });
    const asked = server.asked;
    expect(await github(body)).toMatchObject({ said: { fetches: [''] } });
    await until(components, (count) => count === 7);
    expect(server.asked).toBeGreaterThan(asked);
    expect(await github(body)).toMatchObject({ said: { fetches: [], again: true } });
    const denied = await text(service, '/v1/log?action=access.denied');
    expect(denied.body).toContain('the signature of the webhook is not right');
  });

  it('opens again without the network, and says so', async () => {
    server.stop();
    const again = await start(folder, ['--remote', url, '--fetch-every', '0', '--no-worker'], env);
    expect(again.talk()).toContain('so this is how it was');
    expect((await text(again, '/v1/components')).status).toBe(200);
    await server.start();
  });
});

describe('a mirror', () => {
  it('holds no password that stood in the address', async () => {
    published('told.git', estateOf('three'));
    const address = server.address.replace('://', `://karma:${encodeURIComponent(password)}@`);
    const mirror = join(folder, 'told-mirror.git');
    expect(await fetchMirror(`${address}/told.git`, mirror, { processes: thisHost() })).toEqual({ moved: true });
    const config = readFileSync(join(mirror, 'config'), 'utf8');
    expect(config).toContain(`url = ${server.address}/told.git`);
    expect(config).not.toContain('password');
  });
});

describe('a repository that karma.yaml names by its address', () => {
  it('is fetched once a person trusts it, by whose git knows the password, and read by questions', async () => {
    const estate = estateOf('three');
    const modules = new TemporaryRepository(join(folder, 'modules'));
    modules
      .write({ 'components/network/main.tf': readFileSync(join(estate.root, 'components/network/main.tf')) })
      .commit();
    published('modules.git', modules);
    estate.git('rm', '-rq', 'components/network');
    const url = `${server.address}/modules.git`;
    estate.write({ 'karma.yaml': `estate: three\nrepositories:\n  modules:\n    url: ${url}\n` }).commit();
    const own = { cwd: estate.root, env: { ...env, KARMA_DATA: undefined } };
    const findings = async () => (await karma(['check', '--json'], own)).stdout;
    expect(await findings()).toContain('was not fetched to this machine: `karma repository fetch`');
    const asked = server.asked;
    const refused = await karma(['repository', 'fetch'], own);
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining('nobody on this machine trusts that') });
    expect(server.asked).toBe(asked);
    const trusting = { ...own, env: { ...own.env, KARMA_TRUST: /KARMA_TRUST=(\w+)/.exec(refused.stdout)?.[1] } };
    expect(await karma(['repository', 'fetch'], trusting)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('another one than before'),
    });
    expect(await karma(['repository', 'fetch', 'modules'], trusting)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('as it was'),
    });
    expect(await findings()).not.toContain('source-not-read');
    expect((await karma(['show', 'dev/network/main'], own)).stdout).toContain('components/network');
  });

  it('holds no password', async () => {
    const estate = estateOf('three');
    estate.write({
      'karma.yaml': 'estate: three\nrepositories:\n  modules:\n    url: https://me:secret@git.example.com/m.git\n',
    });
    const said = await karma(['list'], { cwd: estate.root });
    expect(said).toMatchObject({ code: 64, stderr: expect.stringContaining('karma.yaml:4') });
    expect(said.stderr).not.toContain('secret');
  });
});
