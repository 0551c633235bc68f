import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExpectedDifference } from '../../model/estate.ts';
import { end, type SmallClaim } from '../testing/range.ts';
import { reference } from '../testing/small-estate.ts';
import { type Compared, compareEnvironments, type ObjectCode } from './compare-environments.ts';
import { guessExpected } from './guess-expected.ts';
import { instancesOf } from './instances.ts';

const noCode: ObjectCode = { statements: () => new Map() };

function compare(
  claims: Readonly<Record<string, SmallClaim>>,
  {
    rows = [],
    expected = [],
    code = noCode,
    ...more
  }: { rows?: Parameters<typeof end>[1]; expected?: ExpectedDifference[]; code?: ObjectCode } & Pick<
    Partial<Compared>,
    'presets' | 'runtime'
  > = {},
) {
  const { graph, claim } = end(claims, rows);
  const { byEnvironment } = instancesOf(graph);
  const objectOf = (id: string, environment: string) =>
    [...(byEnvironment.get(environment)?.values() ?? [])].find((one) => one.id === id)?.object;
  return compareEnvironments(
    { graph, claim, code, expected, objectOf, ...more },
    byEnvironment.get('dev') ?? new Map(),
    byEnvironment.get('prod') ?? new Map(),
  );
}

const one = (claims: Parameters<typeof compare>[0], more: Parameters<typeof compare>[1] = {}) =>
  compare(claims, more).compared[0];

describe('two environments', () => {
  it('are the same where everything that is given evaluates alike', () => {
    const evaluated = { size: 2, tags: { team: 'web' } };
    expect(one({ 'dev/app/web': { evaluated }, 'prod/app/web': { evaluated } })).toMatchObject({
      object: 'app/web',
      outcome: 'same',
      differences: [],
      unknown: [],
    });
  });

  it('differ in the keys that do, each with both values', () => {
    const answer = one({
      'dev/app/web': { evaluated: { size: 2 } },
      'prod/app/web': { evaluated: { size: 3, zone: 'a' } },
    });
    expect(answer?.outcome).toBe('differs');
    expect(answer?.differences).toEqual([
      { kind: 'config', key: '/size', from: 2, to: 3 },
      { kind: 'config', key: '/zone', to: 'a' },
    ]);
  });

  it('a default that one sets and the other leaves is the same value, and another value is told beside it', () => {
    const presets = () =>
      new Map([
        ['size', { value: 2, nullable: true }],
        ['zone', { value: 'a', nullable: false }],
        ['kept', { value: 1, nullable: true }],
      ]);
    const claims = {
      'dev/app/web': { evaluated: { variables: { size: 2, zone: null } } },
      'prod/app/web': { evaluated: { variables: { zone: 'a', kept: 3 } } },
    };
    expect(one(claims, { presets })?.differences).toEqual([
      { kind: 'config', key: '/variables/kept', from: 1, to: 3 },
      // Of a variable that takes no null, null is a value.
      { kind: 'config', key: '/variables/zone', from: null, to: 'a' },
    ]);
  });

  it('left the same where the types of what they left are; where one left nothing yet nobody can say', () => {
    const runtime = (types: Readonly<Record<string, Record<string, string>>>) => ({
      runtime: ({ environment }: { readonly environment: string }) => {
        const of = types[environment];
        return of === undefined ? undefined : new Map(Object.entries(of));
      },
    });
    const claims = { 'dev/app/web': { evaluated: {} }, 'prod/app/web': { evaluated: {} } };
    const differs = runtime({
      dev: { url: 'string', port: 'number' },
      prod: { url: 'string', port: 'string', id: 'string' },
    });
    expect(one(claims, differs)?.differences).toEqual([
      { kind: 'runtime', key: 'id', to: 'string' },
      { kind: 'runtime', key: 'port', from: 'number', to: 'string' },
    ]);
    const within = {
      dev: { db: 'object', 'db/port': 'number', 'db/own': 'string' },
      prod: { db: 'object', 'db/port': 'string' },
    };
    expect(one(claims, runtime(within))?.differences).toEqual([
      { kind: 'runtime', key: 'db/port', from: 'number', to: 'string' },
    ]);
    expect(one(claims, runtime({ dev: { url: 'string' } }))).toMatchObject({ outcome: 'same', differences: [] });
  });

  it('an unknown value is no equal one, unless both are read from one place', () => {
    const unknown = { x: { $unknown: 'known after a run' } };
    expect(one({ 'dev/app/web': { evaluated: unknown }, 'prod/app/web': { evaluated: unknown } })).toMatchObject({
      outcome: 'unknown',
      unknown: ['/x is not known: known after a run'],
    });
    const placed = { x: { $unknown: 'known after a run', place: 'dependency.vpc.outputs.id' } };
    expect(one({ 'dev/app/web': { evaluated: placed }, 'prod/app/web': { evaluated: placed } })?.outcome).toBe('same');
  });

  it('values that are named after their environment are expected, and not where the name is only part of a word', () => {
    const named = (bucket: string) => ({ evaluated: { bucket } });
    expect(one({ 'dev/app/web': named('acme-dev-logs'), 'prod/app/web': named('acme-prod-logs') })).toMatchObject({
      outcome: 'same',
      differences: [{ key: '/bucket', expected: 'named after its environment' }],
    });
    expect(one({ 'dev/app/web': named('devices'), 'prod/app/web': named('prodices') })?.outcome).toBe('differs');
    expect(one({ 'dev/app/web': named('acme-dev-a'), 'prod/app/web': named('acme-prod-b') })?.outcome).toBe('differs');
  });

  it('rules say what else is expected, of which keys and objects', () => {
    const claims = {
      'dev/app/web': { evaluated: { a: { size: 1 } } },
      'prod/app/web': { evaluated: { a: { size: 2 } } },
    };
    const rule = (key: string, object?: string) => ({
      key,
      reason: 'prod is larger',
      ...(object === undefined ? {} : { object }),
    });
    expect(one(claims, { expected: [rule('/a/*')] })?.outcome).toBe('same');
    expect(one(claims, { expected: [rule('/**', 'app/*')] })?.outcome).toBe('same');
    expect(one(claims, { expected: [rule('/*')] })?.outcome).toBe('differs');
    expect(one(claims, { expected: [rule('/**', 'db/*')] })?.outcome).toBe('differs');
  });

  it('references are compared by object, with what is consumed', () => {
    const claims = { 'dev/app/web': {}, 'prod/app/web': {}, 'dev/db/main': {}, 'prod/db/main': {} };
    const both = [
      reference('dev/app/web', 'dev/db/main', ['/url']),
      reference('prod/app/web', 'prod/db/main', ['/url']),
    ];
    expect(one(claims, { rows: both })?.outcome).toBe('same');
    const across = [
      reference('dev/app/web', 'dev/db/main', ['/url']),
      reference('prod/app/web', 'dev/db/main', ['/url']),
    ];
    expect(one(claims, { rows: across })?.differences).toEqual([
      { kind: 'reference', key: 'db/main', from: '/url' },
      { kind: 'reference', key: 'dev/db/main', to: '/url' },
    ]);
  });

  it('another module is a difference, also where all values are alike', () => {
    const claims = { 'dev/app/web': {}, 'prod/app/web': { row: { module: 'components/app2' } } };
    expect(one(claims)?.differences).toEqual([
      { kind: 'module', key: '/module', from: 'components/app', to: 'components/app2' },
    ]);
  });

  it('root modules in two folders are compared by what their blocks say', () => {
    const root = (path: string) => ({ row: { layout: 'terraform' as const, path, module: path } });
    const claims = { 'dev/app/web': root('dev'), 'prod/app/web': root('prod') };
    const code = (says: Readonly<Record<string, string>>): ObjectCode => ({
      statements: (folder) =>
        new Map([['/resource.x.y/size', { means: says[folder] ?? '', text: says[folder] ?? '' }]]),
    });
    expect(one(claims, { code: code({ dev: '1', prod: '1' }) })?.outcome).toBe('same');
    expect(one(claims, { code: code({ dev: '1', prod: '2' }) })?.differences).toEqual([
      { kind: 'code', key: '/resource.x.y/size', from: '1', to: '2' },
    ]);
    expect(one(claims, { code: { statements: () => undefined } })?.outcome).toBe('unknown');
  });

  it('what a program reads is not called the same unless its files are', () => {
    const reads = (digest: string) => ({ files: { 'run.sh': digest }, more: { opaqueFiles: ['run.sh'] } });
    expect(one({ 'dev/app/web': reads('a'), 'prod/app/web': reads('a') })?.outcome).toBe('same');
    expect(one({ 'dev/app/web': reads('a'), 'prod/app/web': reads('b') })?.outcome).toBe('unknown');
  });

  it('objects that only one of them has are named', () => {
    const { compared, onlyFrom, onlyTo } = compare({ 'dev/app/web': {}, 'prod/db/main': {} });
    expect([compared.length, onlyFrom.map(({ id }) => id), onlyTo.map(({ id }) => id)]).toEqual([
      0,
      ['dev/app/web'],
      ['prod/db/main'],
    ]);
  });

  it('never calls equal what is not: same if and only if every known key is equal', () => {
    const config = fc.dictionary(
      fc.constantFrom('a', 'b', 'c'),
      fc.oneof(fc.nat(2), fc.constantFrom('x', 'y'), fc.boolean()),
    );
    fc.assert(
      fc.property(config, config, (a, b) => {
        const answer = one({ 'dev/app/web': { evaluated: a }, 'prod/app/web': { evaluated: b } });
        const equal = JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
        expect(answer?.outcome === 'same').toBe(equal);
      }),
    );
  });

  it('offers as rules what differs in every object that has it', () => {
    const claims: Record<string, SmallClaim> = {};
    for (const name of ['a', 'b', 'c', 'd']) {
      claims[`dev/app/${name}`] = { evaluated: { size: 1, kept: 1 } };
      claims[`prod/app/${name}`] = { evaluated: { size: 2, kept: name === 'a' ? 2 : 1 } };
    }
    expect(guessExpected(compare(claims).compared)).toEqual([{ key: '/size', objects: 4 }]);
  });
});
