import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { commitAll, writeFiles } from '../support/estates.ts';
import { entry, environment, git, karma, karmaOk } from '../support/karma.ts';
import { type Service, start, text, until } from '../support/service.ts';
import { terraform, withoutTerraform } from '../terraform/real-terraform.fixture.ts';

if (terraform === undefined) console.info('workers were not tested: terraform is not on PATH');

const folder = mkdtempSync(join(tmpdir(), 'karma-worker-'));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

let made = 0;

/** Components that wait until a file is there, each a resource that Terraform itself brings. */
function estateWith(ids: readonly string[], gate = ''): string {
  const place = join(folder, `estate-${made++}`);
  const waits = gate === '' ? 'true' : `until test -e '${gate}'; do sleep 0.1; done`;
  writeFiles(place, {
    'karma.yaml': 'estate: small\n',
    ...Object.fromEntries(ids.map((id) => [`iac/${id}/config.json`, '{"size": 1}'])),
    'components/a/main.tf': `variable "size" { type = number }
resource "terraform_data" "it" {
  input = var.size
  provisioner "local-exec" { command = "${waits}" }
}
output "value" { value = terraform_data.it.output }
`,
  });
  git(place, 'init', '-q', '-b', 'main');
  commitAll(place, 'one');
  return place;
}

async function tokenOf(place: string, ...more: readonly string[]): Promise<string> {
  const { stdout } = await karmaOk(['token', 'create', 'deployer', '--role', 'operator', ...more, '--json'], {
    cwd: place,
  });
  return (JSON.parse(stdout) as { token: string }).token;
}

function worker(place: string): ChildProcess & { said: () => string } {
  const child = spawn(process.execPath, [entry, 'worker'], { cwd: place, env: environment(), stdio: 'pipe' });
  children.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (part: Buffer) => {
      said += part.toString();
    });
  return Object.assign(child, { said: () => said });
}

interface Request {
  readonly id: string;
  readonly state: string;
  readonly worker?: string;
  readonly code?: string;
  readonly members?: Readonly<Record<string, number>>;
}

/** Asks over HTTP, as who shows a token. */
function asking(service: Service, token: string) {
  const send = async (path: string, body: unknown, more: Record<string, string> = {}) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...more };
    const got = await text(service, path, { method: 'POST', body: JSON.stringify(body), headers });
    return { status: got.status, body: JSON.parse(got.body) as { request: Request; code?: string } };
  };
  const see = async (id: string) =>
    (JSON.parse((await text(service, `/v1/request?id=${id}`)).body) as { request: Request }).request;
  return { send, see };
}

const deploy = { action: 'deploy', select: ['env=dev'] };

describe.skipIf(withoutTerraform)('a run that is asked for', () => {
  it('is done by the service itself, once for its key, and leaves runs with logs', async () => {
    const place = estateWith(['dev/a/one', 'dev/a/two', 'prod/a/one']);
    const token = await tokenOf(place);
    const service = await start(place, ['--no-follow']);
    const { send, see } = asking(service, token);
    const first = await send('/v1/runs', deploy, { 'idempotency-key': '"once"' });
    expect(first).toMatchObject({ status: 202, body: { request: { state: 'asked', environments: ['dev'] } } });
    expect((await send('/v1/runs', deploy, { 'idempotency-key': '"once"' })).body).toEqual(first.body);
    const { id } = first.body.request;
    const done = await until(
      () => see(id),
      ({ state }) => state !== 'asked' && state !== 'taken',
    );
    expect(done).toMatchObject({ state: 'finished', members: { finished: 2 } });
    const { runs } = JSON.parse((await text(service, '/v1/runs')).body) as {
      runs: { id: string; component: string }[];
    };
    expect(runs.map(({ component }) => component).sort()).toEqual(['dev/a/one', 'dev/a/two']);
    expect((await text(service, `/v1/run/log?id=${runs[0]?.id}`)).body).toContain('Apply complete');
    const { stdout } = await karma(['log', 'list', '--action', 'run.', '--json'], { cwd: place });
    expect(JSON.parse(stdout)).toMatchObject({
      events: expect.arrayContaining([expect.objectContaining({ actor: 'api/deployer' })]),
    });
    expect((await karma(['log', 'verify'], { cwd: place })).code).toBe(0);
  });

  it('is asked for and followed at the command line, here and from afar, with what its runs write', async () => {
    const place = estateWith(['dev/a/one']);
    const service = await start(place, ['--no-follow', '--no-worker']);
    const afar = { cwd: folder, env: { KARMA_URL: service.address, KARMA_TOKEN: await tokenOf(place) } };
    const asked = await karma(['run', 'request', 'deploy', 'env=dev', '--reason', 'release 41', '--json'], afar);
    const { id } = (JSON.parse(asked.stdout) as { request: Request }).request;
    worker(place);
    const followed = await karma(['run', 'follow', id], afar);
    expect(followed).toMatchObject({ code: 0, stdout: expect.stringMatching(/dev\/a\/one \| Apply complete/) });
    expect(followed.stdout).toMatch(/ {2}finished {2}deploy env=dev \(1 environment: dev\)/);
    expect((await karma(['run', 'requests'], { cwd: place })).stdout).toMatch(
      new RegExp(`${id} +finished +deploy env=dev`),
    );
    expect(await karma(['run', 'cancel', id], afar)).toMatchObject({
      code: 75,
      stderr: expect.stringContaining('finished already'),
    });
    const { runs } = JSON.parse((await karma(['run', 'list', '--json'], afar)).stdout) as { runs: { id: string }[] };
    expect((await karma(['run', 'log', runs[0]?.id ?? '', '--follow'], afar)).stdout).toContain('Apply complete');
  });

  it('takes a token of an operator there, on this machine too', async () => {
    const place = estateWith(['dev/a/one', 'prod/a/one']);
    const token = await tokenOf(place, '--environment', 'dev');
    const service = await start(place, ['--no-follow', '--no-worker']);
    const body = JSON.stringify(deploy);
    const headers = { 'content-type': 'application/json' };
    expect((await text(service, '/v1/runs', { method: 'POST', body, headers })).status).toBe(401);
    const { send } = asking(service, token);
    expect((await send('/v1/runs', { action: 'destroy', select: ['prod/a/one'] })).status).toBe(403);
    expect((await send('/v1/runs', { action: 'deploy', all: true })).status).toBe(403);
    expect((await send('/v1/runs', { action: 'deploy' })).status).toBe(400);
    expect((await send('/v1/runs', { action: 'deploy', select: ['dev/a/nobody'] })).status).toBe(404);
    expect((await send('/v1/runs', deploy)).status).toBe(202);
  });

  it('runs the commit that it was asked for, whatever came since', async () => {
    const place = estateWith(['dev/a/one']);
    const token = await tokenOf(place);
    const service = await start(place, ['--no-follow', '--no-worker']);
    const { send, see } = asking(service, token);
    const { id } = (await send('/v1/runs', deploy)).body.request;
    writeFiles(place, { 'components/a/main.tf': 'this is broken {' });
    commitAll(place, 'broken');
    const { code } = await karma(['worker', '--once'], { cwd: place });
    expect({ code, request: await see(id) }).toMatchObject({ code: 0, request: { state: 'finished' } });
  });

  it('is done by one of several workers, and by another when that one is killed', async () => {
    const gate = join(folder, `gate-${made}`);
    const place = estateWith(['dev/a/one'], gate);
    const token = await tokenOf(place);
    const service = await start(place, ['--no-follow', '--no-worker']);
    const { send, see } = asking(service, token);
    const workers = [worker(place), worker(place)];
    const { id } = (await send('/v1/runs', deploy)).body.request;
    await until(
      async () => workers.filter((one) => one.said().includes(`${id}: taken`)).length,
      (count) => count > 0,
    );
    await until(
      async () => programsOf(place).length,
      (count) => count > 0,
    );
    const first = workers.find((one) => one.said().includes(`${id}: taken`));
    const other = workers.find((one) => one !== first);
    expect(other?.said()).not.toContain(id);
    first?.kill('SIGKILL');
    for (const pid of programsOf(place)) killed(pid);
    writeFileSync(gate, '');
    const done = await until(
      () => see(id),
      ({ state }) => state !== 'taken' && state !== 'asked',
    );
    expect(done).toMatchObject({ state: 'finished', members: { finished: 1 } });
    expect(other?.said()).toContain(`${id}: taken over`);
    expect((await karma(['log', 'verify'], { cwd: place })).code).toBe(0);
  });

  it('is taken back while nobody has it, and stopped while it runs', async () => {
    const gate = join(folder, `gate-${made}`);
    const place = estateWith(['dev/a/one', 'dev/a/two', 'dev/a/three'], gate);
    const token = await tokenOf(place);
    const service = await start(place, ['--no-follow', '--no-worker']);
    const { send, see } = asking(service, token);
    const idle = (await send('/v1/runs', deploy)).body.request.id;
    expect((await send('/v1/request/cancel', { id: idle })).body).toMatchObject({ request: { state: 'cancelled' } });
    expect((await send('/v1/request/cancel', { id: idle })).status).toBe(409);
    const { id } = (await send('/v1/runs', { ...deploy, select: ['dev/a/one'] })).body.request;
    worker(place);
    await until(
      async () => programsOf(place).length,
      (count) => count > 0,
    );
    expect((await send('/v1/request/cancel', { id })).body).toMatchObject({ request: { state: 'stopping' } });
    writeFileSync(gate, '');
    const done = await until(
      () => see(id),
      ({ state }) => state !== 'taken' && state !== 'stopping',
    );
    expect(['finished', 'cancelled']).toContain(done.state);
    expect((await see(idle)).state).toBe('cancelled');
  });

  it('that cannot go well fails, and the worker goes on', async () => {
    const place = estateWith(['dev/a/one']);
    const token = await tokenOf(place);
    writeFiles(place, { 'components/a/main.tf': 'resource "terraform_data" "it" { input = var.nothing }' });
    commitAll(place, 'broken');
    const service = await start(place, ['--no-follow', '--no-worker']);
    const { send, see } = asking(service, token);
    const { id } = (await send('/v1/runs', deploy)).body.request;
    expect((await karma(['worker', '--once'], { cwd: place })).code).toBe(0);
    expect(await see(id)).toMatchObject({ state: 'failed' });
  });
});

/** Programs that runs of an estate are left with. */
function programsOf(place: string): readonly number[] {
  const runs = join(place, '.git/karma/runs');
  if (!existsSync(runs)) return [];
  return readdirSync(runs).flatMap((run) => {
    const mark = join(runs, run, 'child.json');
    if (!existsSync(mark)) return [];
    return [(JSON.parse(readFileSync(mark, 'utf8')) as { readonly pid: number }).pid];
  });
}

function killed(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
