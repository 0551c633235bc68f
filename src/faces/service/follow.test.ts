import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { follow } from './follow.ts';

const folder = mkdtempSync(join(tmpdir(), 'karma-follow-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('builds one at a time, and once more when a ref moves while it builds', async () => {
  mkdirSync(join(folder, 'refs/heads'), { recursive: true });
  let [begun, running, most] = [0, 0, 0];
  const gates: (() => void)[] = [];
  const arrived: (() => void)[] = [];
  const nth = (n: number) =>
    new Promise<void>((come) => {
      if (begun >= n) come();
      else arrived.push(() => begun >= n && come());
    });
  const { stop } = follow({
    refs: folder,
    built: () => undefined,
    failed: (error) => expect.fail(error.message),
    build: async () => {
      begun += 1;
      running += 1;
      most = Math.max(most, running);
      for (const tell of arrived) tell();
      await new Promise<void>((open) => gates.push(open));
      running -= 1;
      return { version: begun, changed: true };
    },
  });
  await nth(1);
  // Longer than it waits before a build that was asked for.
  for (let moved = 0; moved < 8; moved++) {
    writeFileSync(join(folder, 'refs/heads/main'), `${moved}`);
    await new Promise((later) => setTimeout(later, 50));
  }
  expect(begun).toBe(1);
  gates[0]?.();
  await nth(2);
  gates[1]?.();
  await stop();
  expect(most).toBe(1);
});

it('hears of a ref each time that it is renamed into its place, as Git does it, also of one in a folder that is new', async () => {
  const place = join(folder, 'moved');
  mkdirSync(join(place, 'refs/heads'), { recursive: true });
  let begun = 0;
  let arrived: () => void = () => undefined;
  const { stop } = follow({
    refs: place,
    built: () => undefined,
    failed: (error) => expect.fail(error.message),
    build: async () => {
      begun += 1;
      arrived();
      return { version: begun, changed: true };
    },
  });
  const next = () =>
    new Promise<void>((come) => {
      arrived = come;
    });
  await next();
  // Without being told it would look only every half minute.
  for (const name of ['main', 'main', 'main', 'team/one', 'team/one', 'main']) {
    const built = next();
    const ref = join(place, 'refs/heads', name);
    mkdirSync(join(ref, '..'), { recursive: true });
    writeFileSync(`${ref}.lock`, `${begun}`);
    renameSync(`${ref}.lock`, ref);
    await built;
  }
  await stop();
  expect(begun).toBeGreaterThanOrEqual(7);
});
