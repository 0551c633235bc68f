import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { estateKey } from '../../estate-key.ts';
import { temporaryFolder } from '../../sqlite/temporary-folder.ts';
import type { ImportedVersion, ParameterStore } from '../port.ts';
import { openSqliteParameters } from './parameter-store.ts';

const key = estateKey(new Uint8Array(32).fill(7));
let folder = temporaryFolder();
let store: ParameterStore;
beforeEach(() => {
  folder = temporaryFolder();
  store = openSqliteParameters({ file: folder.file('p.db'), binding: 'prod', key: () => key });
});
afterEach(async () => {
  await store.close();
  folder.remove();
});

function version(number: number, value: string, more: Partial<ImportedVersion> = {}): ImportedVersion {
  const when = { modifiedAt: '2026-01-01T00:00:00.000Z', modifiedBy: 'ted', labels: [] };
  return { name: '/iac/a', type: 'String', value, version: number, ...when, ...more };
}
const take = async (...versions: readonly ImportedVersion[]) => store.importVersions?.(versions);

describe('importVersions', () => {
  it('keeps numbers, times, people and labels, in whatever order they come', async () => {
    expect(await take(version(5, 'five'), version(2, 'two', { labels: ['old'] }), version(9, 'nine'))).toEqual({
      added: 3,
      same: 0,
      conflicts: [],
    });
    expect((await store.history('/iac/a')).map((one) => [one.version, one.value, one.labels])).toEqual([
      [2, 'two', ['old']],
      [5, 'five', []],
      [9, 'nine', []],
    ]);
    expect(await store.get('/iac/a')).toMatchObject({ version: 9, modifiedBy: 'ted' });
    const next = { name: '/iac/a', type: 'String', value: 'ten', at: '2026-02-01T00:00:00.000Z', by: 'ted' } as const;
    expect(await store.put({ ...next, expectVersion: 9 })).toBe(10);
  });

  it('takes the same again as nothing, and never rewrites what is here', async () => {
    await take(version(1, 'one'), version(2, 'two'));
    expect(await take(version(1, 'one'), version(2, 'other'), version(3, 'three'))).toEqual({
      added: 1,
      same: 1,
      conflicts: [{ name: '/iac/a', version: 2 }],
    });
    expect((await store.history('/iac/a')).map((one) => one.value)).toEqual(['one', 'two', 'three']);
  });

  it('keeps no secret, decrypted or not, in the file', async () => {
    const encrypted = `AQICAHh${'k3'.repeat(60)}==`;
    await take(
      version(1, 'planted-secret-55', { name: '/iac/s', type: 'SecureString' }),
      version(2, encrypted, { name: '/iac/s', type: 'SecureString' }),
    );
    const [plain, cipher] = await store.history('/iac/s');
    expect(plain).toMatchObject({ value: undefined, digest: key.digest('planted-secret-55') });
    expect(cipher).toMatchObject({ value: undefined, digest: expect.stringMatching(/^sealed-[0-9a-f]{8}:/) });
    await store.close();
    const file = readFileSync(folder.file('p.db'), 'latin1');
    expect(file).not.toContain('planted-secret');
    expect(file).not.toContain(encrypted.slice(0, 40));
  });

  it('takes all or nothing', async () => {
    await expect(take(version(1, 'fine'), version(1, 'bad', { name: '/iac/ x' }))).rejects.toMatchObject({
      code: 'KARMA_INPUT_INVALID',
    });
    expect(await store.list({ path: '/' })).toEqual([]);
  });
});
