import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { clearAbandoned, nameInTheMaking } from './in-the-making.ts';

const folder = mkdtempSync(join(tmpdir(), 'karma-making-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('takes away what a killed fetch left, and nothing of one that goes on, here or elsewhere', () => {
  const here = { host: 'here', isAlive: (pid: number) => pid === process.pid };
  const own = nameInTheMaking('net.git', here);
  const dead = own.replace(`-${process.pid}.`, '-4194305.');
  const elsewhere = nameInTheMaking('net.git', { ...here, host: 'there' });
  const longAgo = nameInTheMaking('old.git', { ...here, host: 'there' });
  for (const name of [own, dead, elsewhere, longAgo, 'net.git']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, dead, 'HEAD'), '');
  writeFileSync(join(folder, 'modules.lock.tmp'), '');
  utimesSync(join(folder, longAgo), 1, 1);
  clearAbandoned(folder, here, Date.now());
  expect(readdirSync(folder).sort()).toEqual([own, elsewhere, 'net.git', 'modules.lock.tmp'].sort());
  clearAbandoned(join(folder, 'none'), here, Date.now());
});
