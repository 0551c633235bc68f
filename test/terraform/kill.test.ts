import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deploySet } from '../../src/deploy/deploy.ts';
import { readMark } from '../../src/run/job-files.ts';
import { isStillAlive } from '../../src/run/process-mark.ts';
import { verifyLedger } from '../../src/stores/ledger/chain.ts';
import { makeModulesQuick, makeRealEstate, openRealEstate, resume, setConfig } from './real-estate.fixture.ts';
import { temporaryFolder, withoutTerraform } from './real-terraform.fixture.ts';

const size = 7;

/** A process of its own deploys and tells each event; it gets SIGKILL when it told `killAt` of them. */
const program = `
import { openRealEstate } from ${JSON.stringify(join(import.meta.dirname, 'real-estate.fixture.ts'))};
import { deploySet } from ${JSON.stringify(join(import.meta.dirname, '../../src/deploy/deploy.ts'))};
const [root, size] = JSON.parse(process.argv[1]);
const estate = openRealEstate(root, size, (event) => event.kind === 'state' && process.stdout.write(event.state + '\\n'));
await deploySet(estate.set('d' + process.pid), estate.ports, { parallelism: 2 });
`;

async function killedDeploy(root: string, killAt: number): Promise<void> {
  const args = ['--input-type=module-typescript', '-e', program, JSON.stringify([root, size])];
  const karma = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let heard = 0;
  karma.stdout.on('data', (chunk: Buffer) => {
    heard += String(chunk).split('\n').length - 1;
    if (heard >= killAt) karma.kill('SIGKILL');
  });
  await new Promise((resolve) => karma.once('exit', resolve));
  expect(heard).toBeGreaterThanOrEqual(killAt);
}

/** As when the machine goes down: Terraform dies in the middle of an apply too. */
function killPrograms(root: string): void {
  for (const run of readdirSync(join(root, 'data', 'runs'))) {
    const mark = readMark(join(root, 'data', 'runs', run));
    if (mark === undefined || !isStillAlive(mark, mark.host)) continue;
    process.kill(-mark.pid, 'SIGKILL');
  }
}

async function undisturbed(configs: readonly string[]): Promise<unknown> {
  const root = makeRealEstate(temporaryFolder(), size, 0);
  for (const [at, config] of configs.entries()) setConfig(root, at, config);
  const estate = openRealEstate(root, size, () => undefined);
  await deploySet(estate.set('d'), estate.ports, { parallelism: 2 });
  const left = await estate.runtimes();
  await estate.close();
  return left;
}

describe.skipIf(withoutTerraform)('a deploy that is stopped (needs terraform on PATH)', () => {
  it('stops what runs, says that it was interrupted, and the next deploy goes on from there', async () => {
    const root = makeRealEstate(temporaryFolder(), size, 20);
    const controller = new AbortController();
    const estate = openRealEstate(root, size, (event) => {
      if (event.kind === 'progress' && event.progress.kind === 'resource' && event.progress.phase === 'started')
        controller.abort();
    });
    const stopped = await deploySet(estate.set('d1'), estate.ports, { parallelism: 1, stopNow: controller.signal });
    expect(stopped.outcome).toBe('interrupted');
    expect(stopped.members.map((one) => one.code ?? one.state)).toContain('KARMA_INTERRUPTED');
    await estate.close();
    makeModulesQuick(root, size);
    const quick = openRealEstate(root, size, () => undefined);
    expect((await deploySet(quick.set('d2'), quick.ports, { parallelism: 2 })).outcome).toBe('finished');
    await quick.close();
  });
});

describe.skipIf(withoutTerraform)('kill -9 in the middle of a deploy (needs terraform on PATH)', () => {
  const configs = Array.from({ length: size }, (_, at) => `v${at}`);

  it.each([
    [3, 'wait'],
    [9, 'interrupt'],
    [17, 'wait'],
    [11, 'are killed too'],
  ] as const)(
    'after %i events, living programs %s: the resumed deploy leaves the same outputs',
    async (killAt, living) => {
      const root = makeRealEstate(temporaryFolder(), size, 0.3);
      await killedDeploy(root, killAt);
      if (living === 'are killed too') killPrograms(root);
      const estate = openRealEstate(root, size, () => undefined);
      const results = await resume(estate, living === 'interrupt' ? 'interrupt' : 'wait');
      expect(results.map((one) => one.outcome)).toEqual(['finished']);
      expect(await estate.runtimes()).toEqual(await undisturbed(configs));
      expect((await verifyLedger(estate.ports.ledger)).sound).toBe(true);
      // Nothing is left to do, and nothing to resume.
      const again = await deploySet(estate.set('again'), estate.ports, { parallelism: 2 });
      expect(new Set(again.members.map((one) => one.state))).toEqual(new Set(['skipped']));
      expect(await resume(estate, living === 'interrupt' ? 'interrupt' : 'wait')).toEqual([]);
      await estate.close();
    },
  );
});
