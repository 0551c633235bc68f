import { describe, expect, it } from 'vitest';
import { clientFor } from '../../src/stores/aws/account.ts';
import { estateKey } from '../../src/stores/estate-key.ts';
import { parameterContract } from '../../src/stores/parameters/contract.ts';
import { checkEnvironment } from '../../src/stores/parameters/environment.ts';
import { openSqliteParameters } from '../../src/stores/parameters/sqlite/parameter-store.ts';
import { openSsmParameters } from '../../src/stores/parameters/ssm/parameter-store.ts';
import { toImport } from '../../src/stores/parameters/version-import.ts';
import { temporaryFolder } from '../../src/stores/sqlite/temporary-folder.ts';
import { startFakeSsm } from './fake-ssm.ts';
import { motoClient } from './moto-client.ts';
import { newName, servers, withServer } from './servers.ts';

const key = estateKey(new Uint8Array(32).fill(7));
const neverAsked = () => {
  throw new Error('nothing may be decrypted here');
};
const written = { at: '2026-11-24T10:00:00.000Z', by: 'ted@example.com' };

withServer('Systems Manager', servers.moto, ({ endpoint }) => {
  for (const perSecond of [50, 4000]) {
    parameterContract({
      adapter: `Systems Manager on moto, ${perSecond} calls a second`,
      skip: [{ reason: 'AWS keeps its own time and writer', cases: ['who and when are kept as they were given'] }],
      newPlace: async () => {
        const region = newName('region');
        return {
          open: (binding = 'prod') =>
            openSsmParameters({
              binding,
              client: motoClient(endpoint, binding === 'prod' ? region : `${region}-${binding}`),
              key: () => key,
              decrypt: true,
              quota: { perSecond, share: 1, describePerSecond: 1000 },
            }),
          remove: async () => {},
        };
      },
    });
  }

  describe('Parameter Store', () => {
    const quota = { perSecond: 4000, share: 1, describePerSecond: 1000 };
    const open = (region: string, more: object = {}) =>
      openSsmParameters({ binding: 'prod', client: motoClient(endpoint, region), key: neverAsked, quota, ...more });

    it('leaves a SecureString sealed unless it is asked to look', async () => {
      const region = newName('sealed');
      const store = await open(region);
      const secret = { name: '/iac/db/password', type: 'SecureString', ...written } as const;
      await store.put({ ...secret, value: 'planted-secret-1' });
      await store.put({ ...secret, value: 'planted-secret-2' });
      const [first, second] = await store.history(secret.name);
      expect(first?.digest).toMatch(/^sealed-[0-9a-f]{8}:/);
      // Other ciphertext, other key id: to be taken as unknown, not as changed.
      expect(first?.digest.split(':')[0]).not.toBe(second?.digest.split(':')[0]);
      expect(JSON.stringify([await store.list({ path: '/' }), first, second])).not.toContain('planted');
    });

    it('needs the advanced tier above 4 KB, and gets it', async () => {
      const store = await open(newName('tiers'));
      const big = { name: '/iac/big', type: 'String', value: 'x'.repeat(5000), ...written } as const;
      expect(await store.put(big)).toBe(1);
      expect((await store.get('/iac/big'))?.value).toHaveLength(5000);
    });

    it('says that an account is another environment than its binding means', async () => {
      const store = await open(newName('environment'));
      expect(await checkEnvironment(store, '/iac', 'prod')).toBe(false);
      await store.put({ name: '/iac/environment', type: 'String', value: 'dev', ...written });
      await expect(checkEnvironment(store, '/iac', 'prod')).rejects.toMatchObject({ code: 'KARMA_REFUSED' });
      expect(await checkEnvironment(store, '/iac', 'dev')).toBe(true);
    });

    it('answers history that another store takes in, once', async () => {
      const store = await open(newName('mirror'));
      for (const value of ['a', 'b', 'c']) {
        await store.put({ name: '/iac/vpc/main/config', type: 'String', value, ...written });
      }
      await store.put({ name: '/iac/db/password', type: 'SecureString', value: 'planted', ...written });
      const folder = temporaryFolder();
      const copy = openSqliteParameters({ file: folder.file('p.db'), binding: 'prod', key: neverAsked });
      for (const name of ['/iac/vpc/main/config', '/iac/db/password']) {
        const history = await store.history(name);
        expect(await copy.importVersions?.(history.map(toImport))).toMatchObject({ added: history.length });
        expect(await copy.importVersions?.(history.map(toImport))).toMatchObject({ added: 0 });
        expect(await copy.history(name)).toEqual(history);
      }
      await copy.close();
      folder.remove();
    });

    it('reads an account through a role', async () => {
      const role = 'arn:aws:iam::222222222222:role/karma-reader';
      process.env['AWS_ACCESS_KEY_ID'] = 'test';
      process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
      const region = 'eu-central-1';
      const client = await clientFor({ region, role, endpoint });
      const other = await openSsmParameters({ binding: 'other', client, key: neverAsked, quota });
      await other.put({ name: '/iac/here', type: 'String', value: 'in 2222', ...written });
      expect(await other.get('/iac/here')).toMatchObject({ value: 'in 2222' });
      expect(await (await open(region)).get('/iac/here')).toBeUndefined();
    });

    it('that cannot be reached says so, and names the binding', async () => {
      const gone = await openSsmParameters({
        binding: 'far-account',
        client: { ...motoClient('http://127.0.0.1:9'), maxAttempts: 1 },
        key: neverAsked,
        quota,
      });
      await expect(gone.list({ path: '/iac' })).rejects.toMatchObject({
        code: 'KARMA_UPSTREAM',
        message: expect.stringContaining('far-account'),
      });
    });
  });
});

describe('10,000 parameters under an account’s quota', () => {
  const names = Array.from({ length: 10_000 }, (_, n) => `/iac/lambda/f${String(n).padStart(5, '0')}/runtime`);

  it.each([
    ['page after page', 1600, 29 / 1600, names.slice(0, 300)],
    ['by version, side by side', 600, 0.5, names],
  ])('are read %s without one throttle, and read again only where they moved', async (_, perSecond, share, wanted) => {
    const fake = await startFakeSsm({ names: wanted, perSecond });
    const store = await openSsmParameters({
      binding: 'prod',
      client: motoClient(fake.endpoint),
      key: neverAsked,
      quota: { perSecond, share, describePerSecond: 400 },
    });
    const first = await store.list({ path: '/iac' });
    expect(first.map((found) => found.name)).toEqual(wanted);
    expect(fake.throttles).toBe(0);

    fake.calls.clear();
    expect(await store.list({ path: '/iac', after: wanted[41] ?? '', limit: 5 })).toEqual(first.slice(42, 47));
    expect(fake.calls.size).toBe(0);

    fake.change('/iac/lambda/f00007/runtime');
    const second = await store.list({ path: '/iac' });
    expect(second.filter((found, n) => found !== first[n]).map((found) => found.value)).toEqual(['changed 2']);
    expect(fake.calls.get('GetParametersByPath')).toBeUndefined();
    expect(fake.calls.get('GetParameters')).toBe(1);
    expect(fake.throttles).toBe(0);
    await fake.close();
  });

  it('start from what an earlier process saw', async () => {
    const fake = await startFakeSsm({ names: names.slice(0, 200), perSecond: 600 });
    const open = (known: Awaited<ReturnType<typeof store.list>> = []) =>
      openSsmParameters({
        binding: 'prod',
        client: motoClient(fake.endpoint),
        key: neverAsked,
        quota: { perSecond: 600, describePerSecond: 400 },
        known,
      });
    const store: Awaited<ReturnType<typeof openSsmParameters>> = await open();
    const first = await store.list({ path: '/iac' });
    fake.calls.clear();
    expect(await (await open(first)).list({ path: '/iac' })).toEqual(first);
    expect(fake.calls.get('GetParameters')).toBeUndefined();
    await fake.close();
  });
});
