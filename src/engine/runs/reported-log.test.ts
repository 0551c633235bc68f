import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openSqliteLedger } from '../../stores/ledger/sqlite/ledger.ts';
import { temporaryFolder } from '../../stores/sqlite/temporary-folder.ts';
import type { EngineContext } from '../context.ts';
import { ask } from '../verbs/table.ts';
import { RunLogReporter } from './reported-log.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const ledger = openSqliteLedger({ file: folder.file('ledger.db') });
/** Two machines that share a ledger and no files. */
const machine = (name: string) =>
  ({
    now: () => '2026-11-24T10:00:00.000Z',
    stores: { ledger: async () => ledger, dataFolder: join(folder.path, name) },
  }) as unknown as EngineContext;
const [worker, service] = [machine('worker'), machine('service')];
const logOf = (run: string) => {
  const place = join(folder.path, 'worker', 'runs', run);
  mkdirSync(place, { recursive: true });
  return join(place, 'run.log');
};

async function readWhole(context: EngineContext, id: string, most?: number): Promise<string> {
  let text = '';
  for (let from = 0; ; ) {
    const part = await ask(context, 'run-log', { id, from, ...(most === undefined ? {} : { most }) });
    text += part.text;
    if (part.next === from) return text;
    from = part.next;
  }
}

describe('the log of a run on another machine', () => {
  it('is what the worker wrote, whichever way it came', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' })),
        fc.integer({ min: 1, max: 200_000 }),
        async (lines, most) => {
          const run = `rtext${count++}`;
          const [first = '', ...rest] = lines.map((line) => `${line}\n`);
          writeFileSync(logOf(run), first);
          const reporter = new RunLogReporter(worker);
          reporter.heard(run);
          await reporter.end();
          appendFileSync(logOf(run), rest.join(''));
          await reporter.end();
          if (lines.length > 0) expect(await readWhole(service, run, most)).toBe(await readWhole(worker, run));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('comes in parts, from wherever one begins, and is told how long it is', async () => {
    writeFileSync(
      logOf('rlong1'),
      Array.from({ length: 20_000 }, (_, n) => `line ${n} of what Terraform said\n`).join(''),
    );
    const reporter = new RunLogReporter(worker);
    reporter.heard('rlong1');
    await reporter.end();
    const here = await ask(worker, 'run-log', { id: 'rlong1' });
    const there = await ask(service, 'run-log', { id: 'rlong1', most: 1 });
    expect(there.size).toBe(here.size);
    expect(there.next).toBeGreaterThan(0);
    expect(await readWhole(service, 'rlong1')).toBe(await readWhole(worker, 'rlong1'));
  });

  it('ends where it is too long for the ledger, and says so', async () => {
    writeFileSync(logOf('rhuge1'), 'the same line again and again\n'.repeat(10_000));
    const reporter = new RunLogReporter(worker, 100_000);
    reporter.heard('rhuge1');
    await reporter.end();
    const text = await readWhole(service, 'rhuge1');
    expect(text.length).toBeLessThan(200_000);
    expect(text.endsWith('… the rest of this log is on the machine that ran\n')).toBe(true);
  });

  it('holds no secret that looks like one, and no other run’s', async () => {
    writeFileSync(logOf('rsecret1'), 'connects to postgres://app:hunter2hunter2@db/app\n');
    const reporter = new RunLogReporter(worker);
    reporter.heard('rsecret1');
    await reporter.end();
    expect(await readWhole(service, 'rsecret1')).not.toContain('hunter2hunter2');
    await expect(ask(service, 'run-log', { id: 'rsecret' })).rejects.toMatchObject({ code: 'KARMA_NOT_FOUND' });
    await expect(ask(service, 'run-log', { id: '../rsecret1' })).rejects.toMatchObject({ code: 'KARMA_NOT_FOUND' });
  });
});
