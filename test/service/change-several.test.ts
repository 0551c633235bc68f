import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Change } from '../../src/change/change.ts';
import { outputOf, runningFiles } from '../support/changing.ts';
import { estateMaker, type Files } from '../support/estates.ts';
import { entry, environment, git, karma, karmaJson } from '../support/karma.ts';
import { startOpen, until } from '../support/service.ts';
import { withoutTerraform } from '../terraform/real-terraform.fixture.ts';

const estates = estateMaker();
const workers: ChildProcess[] = [];
afterAll(() => {
  for (const one of workers) one.kill('SIGKILL');
});

describe.skipIf(withoutTerraform)('two services and four workers over one ledger (needs terraform on PATH)', () => {
  it('apply each change once, one after the other where they must, though a worker is killed', {
    retry: 0,
  }, async () => {
    const roots = ['one', 'two', 'three', 'four', 'five'];
    const files: Files = { ...runningFiles, 'karma.yaml': 'estate: several\npublish: origin\n' };
    const place = estates.repository({
      ...files,
      ...Object.fromEntries(
        roots.flatMap((name) => [
          [`${name}/main.tf`, files['side/main.tf'] ?? ''],
          [`${name}/terraform.tfvars`, 'size = 1\n'],
        ]),
      ),
    });
    const shared = join(estates.folder, 'several.git');
    git(place, 'clone', '-q', '--bare', '.', shared);
    git(place, 'remote', 'add', 'origin', shared);
    const first = git(place, 'rev-parse', 'main');
    const { token } = await karmaJson<{ token: string }>(['token', 'create', 'all', '--role', 'operator'], {
      cwd: place,
    });
    const services = [await startOpen(place, ['--no-worker']), await startOpen(place, ['--no-worker', '--no-follow'])];
    const taken: ChildProcess[] = [];
    for (let made = 0; made < 4; made += 1) {
      const child = spawn(process.execPath, [entry, 'worker'], {
        ...{ cwd: place, env: environment(), stdio: ['ignore', 'ignore', 'pipe'] },
      });
      child.stderr?.on('data', (part: Buffer) => {
        if (/: taken/.test(part.toString()) && !taken.includes(child)) taken.push(child);
      });
      workers.push(child);
    }
    const as = async (at: number, method: string, path: string, body?: object) => {
      const got = await fetch(services[at % 2]?.address + path, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, looked at member by member.
      return { status: got.status, document: (await got.json()) as any };
    };
    const ids: string[] = [];
    for (const [at, name] of roots.entries()) {
      const made = await as(at, 'POST', '/v1/changes', { reason: name, edits: [{ id: name, set: { size: 10 + at } }] });
      expect(made.status).toBe(201);
      ids.push(made.document.id);
    }
    const asked = await Promise.all(ids.map((id, at) => as(at + 1, 'POST', `/v1/changes/${id}/apply`, {})));
    expect(asked.map(({ status }) => status)).toEqual(ids.map(() => 202));
    await until(
      async () => taken.length,
      (count) => count > 0,
    );
    taken[0]?.kill('SIGKILL');
    // Whichever service is asked, it is told the same.
    for (const [at, id] of ids.entries()) {
      const state = async () => (await as(at, 'GET', `/v1/changes/${id}`)).document.change as Change;
      const done = await until(state, (change) => ['applied', 'failed'].includes(change.state));
      expect(done, JSON.stringify(done)).toMatchObject({ state: 'applied' });
    }
    expect(roots.map((name) => outputOf(place, name))).toEqual([10, 11, 12, 13, 14]);
    const trailers = git(place, 'log', '--format=%(trailers:key=Karma-Change,valueonly)', `${first}..main`);
    expect(trailers.split('\n').filter(Boolean).toSorted()).toEqual(ids.toSorted());
    expect(git(shared, 'rev-parse', 'main')).toBe(git(place, 'rev-parse', 'main'));
    expect(git(place, 'status', '--porcelain')).toBe('');
    expect((await karma(['log', 'verify'], { cwd: place })).code).toBe(0);
  });
});
