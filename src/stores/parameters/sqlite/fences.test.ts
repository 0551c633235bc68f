import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { thisHost } from '../../ledger/liveness.ts';
import { openSqliteLedger } from '../../ledger/sqlite/ledger.ts';
import { temporaryFolder } from '../../sqlite/temporary-folder.ts';
import { openSqliteParameters } from './parameter-store.ts';

let folder = temporaryFolder();
afterEach(() => {
  folder.remove();
  folder = temporaryFolder();
});

const key = () => ({ id: 'k', digest: (text: string) => text });
const opened = () => openSqliteParameters({ file: folder.file('parameters.db'), binding: 'dev', key });
const write = (value: string, fence: number) => ({
  ...{ name: '/iac/a/one/runtime', type: 'String' as const, value, at: '2026-11-24T10:00:00Z', by: 'ted' },
  fences: [{ name: 'environment:dev', fence }],
});

describe('a parameter written under a lease', () => {
  it('is refused once somebody with a newer fence said so, before they wrote anything', async () => {
    const first = opened();
    const second = opened();
    expect(await first.put(write('1', 1))).toBe(1);
    await second.raiseFences?.([{ name: 'environment:dev', fence: 2 }]);
    await expect(first.put(write('late', 1))).rejects.toMatchObject({ code: 'KARMA_LEASE_LOST' });
    expect((await second.get('/iac/a/one/runtime'))?.value).toBe('1');
    expect(await second.put(write('2', 2))).toBe(2);
    await second.raiseFences?.([{ name: 'environment:dev', fence: 1 }]);
    await expect(first.put(write('late', 1))).rejects.toMatchObject({ code: 'KARMA_LEASE_LOST' });
    expect(await first.put({ ...write('3', 1), fences: [{ name: 'environment:prod', fence: 1 }] })).toBe(3);
    for (const store of [first, second]) await store.close();
  });
});

/** Begins a write to a file and stops itself in the middle of it. */
const stopsInside = `
import { Database } from ${JSON.stringify(join(import.meta.dirname, '../../sqlite/database.ts'))};
import { parametersSchema } from ${JSON.stringify(join(import.meta.dirname, 'schema.ts'))};
import { ledgerSchema } from ${JSON.stringify(join(import.meta.dirname, '../../ledger/sqlite/schema.ts'))};
const [file, which] = process.argv.slice(1);
new Database(file, which === 'ledger' ? ledgerSchema : parametersSchema).write((at) => {
  at.sql(which === 'ledger' ? "INSERT INTO counter VALUES ('late', 1)" : "INSERT INTO newest VALUES ('dev','/late',1,'String','x','d','t','b','[]')").run();
  process.stdout.write('inside');
  process.kill(process.pid, 'SIGSTOP');
});
`;

async function stoppedInside(file: string, which: string) {
  const args = ['--input-type=module-typescript', '-e', stopsInside, file, which];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const holder = { id: 'first', host: thisHost().host, pid: child.pid ?? 0, actor: 'ted', since: 'today' };
  return { child, holder };
}

describe.runIf(process.platform === 'linux')('a process that is stopped in the middle of a write', () => {
  it('does not keep who takes over from the ledger, and its write never lands', async () => {
    const file = folder.file('ledger.db');
    const ledger = openSqliteLedger({ file });
    const ended = { id: 'first', host: 'elsewhere', pid: 1, actor: 'ted', since: 'today' };
    await ledger.leases.acquire('environment:dev', ended, 10);
    const { child, holder } = await stoppedInside(file, 'ledger');
    const seen = await ledger.leases.look('environment:dev');
    const taken = await ledger.leases.takeOver(
      'environment:dev',
      { name: 'environment:dev', fence: 1, beats: seen?.beats ?? 0, ttlMs: 10, holder },
      { ...holder, id: 'second', pid: process.pid },
      10,
    );
    expect(taken).toMatchObject({ fence: 2 });
    child.kill('SIGCONT');
    expect(await ledger.counter('late')).toBe(0);
    expect(child.signalCode ?? (await once(child, 'exit'))[1]).toBe('SIGKILL');
    await ledger.close();
  });

  it('nor from the parameters', async () => {
    const store = opened();
    await store.put(write('1', 1));
    const { child, holder } = await stoppedInside(folder.file('parameters.db'), 'parameters');
    await store.raiseFences?.([{ name: 'environment:dev', fence: 2, from: holder }]);
    expect(await store.put(write('2', 2))).toBe(2);
    expect(await store.get('/late')).toBeUndefined();
    expect(child.signalCode ?? (await once(child, 'exit'))[1]).toBe('SIGKILL');
    await store.close();
  });

  it('is left alone when nobody waits for it', async () => {
    const store = opened();
    await store.put(write('1', 1));
    const { child } = await stoppedInside(folder.file('parameters.db'), 'parameters');
    const stranger = { id: 'x', host: thisHost().host, pid: process.pid, actor: 'ted', since: 'today' };
    const { evictStopped } = await import('../../ledger/liveness.ts');
    evictStopped(stranger, folder.file('parameters.db'));
    expect(child.exitCode ?? child.signalCode).toBeNull();
    child.kill('SIGKILL');
    await once(child, 'exit');
    await store.close();
  });
});
