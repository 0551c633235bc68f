import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { keepPrivate } from './private-files.ts';

const data = mkdtempSync(join(tmpdir(), 'karma-private-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));

function file(...steps: readonly string[]): string {
  const path = join(data, ...steps);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, '{}');
  chmodSync(path, 0o644);
  return path;
}

it('keeps states and what init remembers for their owner, and touches no state beside a module', () => {
  const own = [file('state', 'dev~a', 'terraform.tfstate'), file('state', 'dev~a', 'terraform.tfstate.backup')];
  const init = file('terraform', 'dev~a', 'terraform.tfstate');
  const beside = file('estate', 'net', 'terraform.tfstate');
  const mode = (path: string) => statSync(path).mode & 0o777;
  keepPrivate({ dataFolder: join(data, 'terraform', 'dev~a'), state: own[0] ?? '' });
  expect([...own, init].map(mode)).toEqual([0o600, 0o600, 0o600]);
  keepPrivate({ dataFolder: join(data, 'terraform', 'net'), state: beside });
  expect(mode(beside)).toBe(0o644);
});
