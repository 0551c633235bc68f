import { afterAll, expect } from 'vitest';
import { sha256 } from '../../model/digest.ts';
import { type ContractCase, type ContractOptions, contract } from '../contract.ts';
import type { ParameterStore, ParameterWrite } from './port.ts';

/** One empty store of one binding that can be opened several times; other bindings lie beside it. */
export interface ParameterPlace {
  open(binding?: string): ParameterStore | Promise<ParameterStore>;
  remove(): Promise<void>;
}

export interface ParameterContract extends ContractOptions {
  newPlace(): Promise<ParameterPlace>;
}

type WithStore = (check: (store: ParameterStore, place: ParameterPlace) => Promise<void>) => () => Promise<void>;

const at = '2026-11-24T10:00:00.000Z';

function write(name: string, value: string, more: Partial<ParameterWrite> = {}): ParameterWrite {
  return { name, type: 'String', value, at, by: 'ted@example.com', ...more };
}

/** What every Parameter Store must do. */
export function parameterContract(options: ParameterContract): void {
  contract('parameter store', options, (test) => {
    const places: ParameterPlace[] = [];
    afterAll(async () => {
      for (const place of places) await place.remove();
    });
    const withStore: WithStore = (check) => async () => {
      const place = await options.newPlace();
      places.push(place);
      const store = await place.open();
      await check(store, place);
      await store.close();
    };
    writeCases(test, withStore);
    listCases(test, withStore);
    secretCases(test, withStore);
    doorCases(test, withStore);
  });
}

function writeCases(test: ContractCase, withStore: WithStore): void {
  test(
    'an empty store reads as empty',
    withStore(async (store) => {
      expect(await store.get('/iac/vpc/main/config')).toBeUndefined();
      expect(await store.list({ path: '/iac' })).toEqual([]);
      expect(await store.history('/iac/vpc/main/config')).toEqual([]);
    }),
  );
  test(
    'every put makes a version, and every version is kept',
    withStore(async (store, place) => {
      const name = '/iac/vpc/main/config';
      expect(await store.put(write(name, '{"cidr":"10.0.0.0/16"}'))).toBe(1);
      expect(await store.put(write(name, '{"cidr":"10.1.0.0/16"}'))).toBe(2);
      const other = await place.open();
      expect(await other.get(name)).toMatchObject({
        name,
        type: 'String',
        version: 2,
        value: '{"cidr":"10.1.0.0/16"}',
        digest: sha256('{"cidr":"10.1.0.0/16"}'),
        modifiedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      });
      expect((await other.history(name)).map(({ version, value, labels }) => [version, value, labels])).toEqual([
        [1, '{"cidr":"10.0.0.0/16"}', []],
        [2, '{"cidr":"10.1.0.0/16"}', []],
      ]);
    }),
  );
  test(
    'who and when are kept as they were given',
    withStore(async (store) => {
      await store.put(write('/iac/a', 'x'));
      expect(await store.get('/iac/a')).toMatchObject({ modifiedAt: at, modifiedBy: 'ted@example.com' });
    }),
  );
  test(
    'a put that expects another version is refused',
    withStore(async (store) => {
      const name = '/iac/vpc/main/config';
      expect(await store.put(write(name, 'a', { expectVersion: 1 }))).toBe('conflict');
      expect(await store.put(write(name, 'a', { expectVersion: 0 }))).toBe(1);
      expect(await store.put(write(name, 'b', { expectVersion: 0 }))).toBe('conflict');
      expect(await store.put(write(name, 'b', { expectVersion: 1 }))).toBe(2);
      expect(await store.put(write(name, 'c', { expectVersion: 1 }))).toBe('conflict');
      expect(await store.get(name)).toMatchObject({ version: 2, value: 'b' });
    }),
  );
  test(
    'bindings do not see one another',
    withStore(async (store, place) => {
      await store.put(write('/iac/a', 'here'));
      expect(await (await place.open('other-account')).get('/iac/a')).toBeUndefined();
    }),
  );
  test(
    'a type cannot be changed',
    withStore(async (store) => {
      await store.put(write('/iac/a', 'x'));
      const secret = write('/iac/a', 'y', { type: 'SecureString' });
      await expect(store.put(secret)).rejects.toMatchObject({ code: 'KARMA_INPUT_INVALID' });
      expect(await store.get('/iac/a')).toMatchObject({ version: 1, value: 'x' });
    }),
  );
}

function listCases(test: ContractCase, withStore: WithStore): void {
  test(
    'a list holds what is at or below a path, sorted and paged',
    withStore(async (store) => {
      const names = ['/iac/vpc', '/iac/vpc/main/config', '/iac/vpc-2/x', '/iac/vpc.old', '/iac/Vpc/a', '/other/vpc/a'];
      for (const name of names) await store.put(write(name, name));
      const list = async (query: Parameters<ParameterStore['list']>[0]) =>
        (await store.list(query)).map((found) => found.name);
      expect(await list({ path: '/iac/vpc' })).toEqual(['/iac/vpc', '/iac/vpc/main/config']);
      expect(await list({ path: '/iac/vpc/' })).toEqual(['/iac/vpc', '/iac/vpc/main/config']);
      const all = ['/iac/Vpc/a', '/iac/vpc', '/iac/vpc-2/x', '/iac/vpc.old', '/iac/vpc/main/config'];
      expect(await list({ path: '/iac' })).toEqual(all);
      expect(await list({ path: '/' })).toEqual([...all, '/other/vpc/a']);
      expect(await list({ path: '/iac', limit: 2 })).toEqual(all.slice(0, 2));
      expect(await list({ path: '/iac', limit: 2, after: '/iac/vpc' })).toEqual(all.slice(2, 4));
      expect(await list({ path: '/nothing' })).toEqual([]);
    }),
  );
  test(
    'more than a hundred parameters are listed whole',
    withStore(async (store) => {
      const names = Array.from({ length: 120 }, (_, n) => `/iac/lambda/f${String(n).padStart(3, '0')}/runtime`);
      for (const name of names.toReversed()) await store.put(write(name, name));
      expect((await store.list({ path: '/iac/lambda' })).map((found) => found.name)).toEqual(names);
    }),
  );
}

function secretCases(test: ContractCase, withStore: WithStore): void {
  test(
    'of a SecureString only the keyed digest is seen',
    withStore(async (store) => {
      const name = '/iac/db/main/password';
      const secret = 'planted-secret-83fa';
      await store.put(write(name, secret, { type: 'SecureString' }));
      await store.put(write(name, `${secret}-2`, { type: 'SecureString' }));
      await store.put(write(name, secret, { type: 'SecureString' }));
      const [first, second, third] = await store.history(name);
      expect(await store.get(name)).toMatchObject({ type: 'SecureString', value: undefined, version: 3 });
      expect(third?.digest).toMatch(/^[0-9a-f]{8}:[0-9a-f]{64}$/);
      expect(first?.digest).toBe(third?.digest);
      expect(second?.digest).not.toBe(third?.digest);
      expect(first?.digest).not.toContain(sha256(secret));
      const everything = JSON.stringify([await store.list({ path: '/' }), await store.history(name)]);
      expect(everything).not.toContain(secret);
    }),
  );
}

function doorCases(test: ContractCase, withStore: WithStore): void {
  test(
    'hostile values come back byte by byte',
    withStore(async (store) => {
      const values = [`it's "q" \\ \${x} %7C`, 'line\nbreak\r\ttab', '😀 żółć 漢字', ' ', `a${'ż'.repeat(2000)}`];
      for (const [n, value] of values.entries()) await store.put(write(`/iac/hostile/${n}`, value));
      expect((await store.list({ path: '/iac/hostile' })).map((found) => found.value)).toEqual(values);
    }),
  );
  test(
    'the longest name and the deepest path are kept',
    withStore(async (store) => {
      const deep = `/${Array.from({ length: 15 }, (_, n) => `l${n}`).join('/')}`;
      const long = `/iac/${'x'.repeat(1006)}`;
      for (const name of [deep, long]) {
        expect(await store.put(write(name, 'v'))).toBe(1);
        expect(await store.get(name)).toMatchObject({ name, value: 'v' });
      }
    }),
  );
  test(
    'what Parameter Store would refuse is refused before anything is sent',
    withStore(async (store) => {
      const bad: readonly (readonly [string, string])[] = [
        ['/iac/sp ace', 'v'],
        ['/iac/ż', 'v'],
        ['/iac//a', 'v'],
        ['/iac/a/', 'v'],
        ['iac/a', 'v'],
        ['', 'v'],
        ['/aws/a', 'v'],
        ['/ssm-x/a', 'v'],
        [`/iac/${'x'.repeat(1007)}`, 'v'],
        [`/${Array.from({ length: 16 }, (_, n) => `l${n}`).join('/')}`, 'v'],
        ['/iac/a', ''],
        ['/iac/a', 'half \ud83d'],
        ['/iac/a', 'x'.repeat(8193)],
      ];
      for (const [name, value] of bad) {
        await expect(store.put(write(name, value)), name).rejects.toMatchObject({ code: 'KARMA_INPUT_INVALID' });
      }
      expect(await store.list({ path: '/' })).toEqual([]);
    }),
  );
}
