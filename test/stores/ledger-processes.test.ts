import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../src/stores/ledger/chain.ts';
import { draft } from '../../src/stores/ledger/contract-place.ts';
import { thisHost } from '../../src/stores/ledger/liveness.ts';
import { openSqliteLedger } from '../../src/stores/ledger/sqlite/ledger.ts';
import { temporaryFolder } from '../../src/stores/sqlite/temporary-folder.ts';

const program = fileURLToPath(new URL('../../src/stores/ledger/sqlite/writer-process.ts', import.meta.url));

/** A child that writes to the ledger; `said` is what it printed so far. */
interface Writer {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  said(): readonly string[];
}

let folder = temporaryFolder();
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  folder.remove();
});

function startWriter(name: string, ...more: readonly string[]): Writer {
  const file = folder.file('data/ledger.db');
  const child = spawn(process.execPath, [program, '--file', file, '--name', name, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  // Only whole lines: the last one may have been cut by the kill.
  return { child, ended, said: () => out.split('\n').slice(0, -1) };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const open = () => openSqliteLedger({ file: folder.file('data/ledger.db') });

describe('several processes on one ledger', () => {
  it('append without losing one, from the creation of the file on', async () => {
    const writers = ['a', 'b', 'c', 'd'].map((name) => startWriter(name, '--count', '25'));
    expect(await Promise.all(writers.map((writer) => writer.ended))).toEqual([0, 0, 0, 0]);
    const ledger = open();
    expect(await verifyLedger(ledger)).toMatchObject({ sound: true, head: { seq: 200 } });
    const events = await ledger.read({ limit: 1000 });
    for (const name of ['a', 'b', 'c', 'd']) {
      const own = events.filter((event) => event.subject.startsWith(`${name}-`)).map((event) => event.subject);
      expect(own).toEqual(Array.from({ length: 25 }, (_, n) => [`${name}-${n + 1}`, `${name}-${n + 1}-second`]).flat());
    }
  });

  it('move a counter without two of them making the same step', async () => {
    const writers = ['a', 'b', 'c'].map((name) => startWriter(name, '--count', '15', '--move'));
    await Promise.all(writers.map((writer) => writer.ended));
    const steps = writers.flatMap((writer) => writer.said()).map(Number);
    expect(steps.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 45 }, (_, n) => n + 1));
    expect(await open().counter('graph')).toBe(45);
  });

  it('killed at any moment leave a sound chain that holds all that was reported', async () => {
    for (const reports of [1, 7, 23]) {
      const writers = [startWriter(`x${reports}`), startWriter(`y${reports}`)];
      await until(() => writers.every((writer) => writer.said().length >= reports));
      for (const { child } of writers) child.kill('SIGKILL');
      await Promise.all(writers.map((writer) => writer.ended));
      const ledger = open();
      expect(await verifyLedger(ledger)).toMatchObject({ sound: true });
      const { seq } = await ledger.head();
      // An append of two is there whole or not at all.
      expect(seq % 2).toBe(0);
      for (const id of writers.flatMap((writer) => writer.said())) expect(Number(id.slice(1))).toBeLessThanOrEqual(seq);
      await ledger.append([draft('after'), draft('the kill')]);
      expect(await verifyLedger(ledger)).toMatchObject({ sound: true, head: { seq: seq + 2 } });
      await ledger.close();
    }
  });

  it('leave leases behind that are free at once when their process is dead', async () => {
    const writer = startWriter('a');
    await until(() => writer.said().length > 0);
    const here = thisHost();
    const holder = {
      id: 'a',
      host: here.host,
      pid: writer.child.pid ?? 0,
      actor: 'ted',
      since: '2026-11-24T10:00:00Z',
    };
    const { leases } = open();
    await leases.acquire('prod', holder, 60_000);
    const mine = { ...holder, id: 'b', pid: process.pid };
    expect(await leases.acquire('prod', mine, 60_000)).toBeNull();
    writer.child.kill('SIGKILL');
    await writer.ended;
    expect(await leases.acquire('prod', mine, 60_000)).toMatchObject({ fence: 2 });
  });
});
