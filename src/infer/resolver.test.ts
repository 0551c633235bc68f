import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Claim } from '../model/claim.ts';
import { canonicalJson } from '../model/digest.ts';
import { deltaBetween } from '../model/rows.ts';
import { claim, component, evidence, need, provide } from './claims.fixture.ts';
import { askedPartKeys, partKeys } from './partly-known.ts';
import { Resolver } from './resolver.ts';
import { componentRow, findingRow, referenceRow } from './rows-of-claims.ts';

function resolved(claims: readonly Claim[], verdicts: ConstructorParameters<typeof Resolver>[0] = []): Resolver {
  const resolver = new Resolver(verdicts);
  resolver.load(claims);
  return resolver;
}

function rowsOf(resolver: Resolver, table: string): unknown[] {
  return [...resolver.rows.values()]
    .filter((row) => row.table === table)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map((row) => JSON.parse(row.value) as unknown);
}

describe('resolving claims', () => {
  it('joins a need with the component that provides its key', () => {
    const resolver = resolved([
      claim('vpc', [provide('param:dev:/vpc')], []),
      claim('app', [], [need('param:dev:/vpc')]),
    ]);
    expect(rowsOf(resolver, 'reference')).toMatchObject([
      { from: 'app', to: 'vpc', consumes: ['/id'], strength: 'proven' },
    ]);
    expect(rowsOf(resolver, 'finding')).toEqual([]);
  });

  it('unites two needs of one provider in one reference and keeps what each runtime gives', () => {
    const resolver = resolved([
      claim('fn', [provide('param:dev:/a'), provide('param:dev:/b')], []),
      claim('api', [], [need('param:dev:/a', { consumes: ['/arn'] }), need('param:dev:/b', { consumes: [] })]),
    ]);
    expect(rowsOf(resolver, 'reference')).toMatchObject([
      { consumes: ['/arn'], consumesFrom: { 'param:dev:/a': ['/arn'] } },
    ]);
  });

  it('names what dangles and makes a node of a parameter that belongs to nobody', () => {
    const resolver = resolved([
      claim(
        'app',
        [],
        [
          need('param:dev:/vpc'),
          need('param:dev:/ami/base', { whenMissing: 'parameter' }),
          need('zone:dev:x', { whenMissing: 'quiet' }),
        ],
      ),
    ]);
    expect(rowsOf(resolver, 'finding')).toMatchObject([
      { code: 'dangling-reference', subject: 'app', key: 'param:dev:/vpc' },
    ]);
    expect(rowsOf(resolver, 'reference')).toMatchObject([{ from: 'app', to: 'dev/param:/ami/base' }]);
    expect(rowsOf(resolver, 'component')).toHaveLength(2);
  });

  it('prefers any provider to a fallback one and never lets a component depend on itself', () => {
    const resolver = resolved([
      claim('a', [provide('param:dev:/x', { fallback: true })], [need('param:dev:/x')]),
      claim('b', [provide('param:dev:/x')], [need('param:dev:/x')]),
    ]);
    expect(rowsOf(resolver, 'reference')).toMatchObject([{ from: 'a', to: 'b' }]);
  });

  it('tells of one name claimed twice, of ambiguity, and of outputs that nobody writes', () => {
    const resolver = resolved([
      claim('a', [provide('state:s3://b/k', { exclusive: true })], []),
      claim('b', [provide('state:s3://b/k', { exclusive: true, outputs: ['other'] })], []),
      claim('c', [], [need('state:s3://b/k')]),
    ]);
    expect(rowsOf(resolver, 'finding').map((one) => (one as { code: string }).code)).toEqual([
      'ambiguous-reference',
      'contract-mismatch',
      'state-shared',
      'state-shared',
    ]);
  });

  describe('of which an address is known in part', () => {
    const asked = (text: string) => ({
      partly: {
        keys: askedPartKeys('k', [['b', text]]),
        addresses: [['b', text]] as const,
        what: 'which state it reads',
      },
    });
    const kept = (text: string, store = 'b') => {
      const addresses = [[store, text]] as const;
      return provide('', { ...partKeys('k', addresses), addresses, fallback: true });
    };
    const reader = (text: string) => claim('app', [], [need('k:?', { ...asked(text), whenMissing: 'quiet' })]);
    const blindIn = (resolver: Resolver) =>
      rowsOf(resolver, 'component').flatMap(
        (one) => (one as { blindSpots?: { code: string; on?: string[] }[] }).blindSpots ?? [],
      );

    it('one component that fits is proven', () => {
      const one = resolved([
        claim('vpc', [kept('blue/vpc')], []),
        claim('x', [kept('blue/x')], []),
        reader('${a}/vpc'),
      ]);
      expect(rowsOf(one, 'reference')).toMatchObject([{ from: 'app', to: 'vpc' }]);
      expect([rowsOf(one, 'finding'), blindIn(one)]).toEqual([[], []]);
    });

    it('of several that fit none is proven, and each is possible', () => {
      const two = resolved([
        claim('vpc', [kept('blue/vpc')], []),
        claim('vpc2', [kept('green/vpc')], []),
        claim('x', [kept('blue/vpc', 'other')], []),
        reader('${a}/vpc'),
      ]);
      expect(rowsOf(two, 'reference')).toEqual([]);
      expect(rowsOf(two, 'finding')).toMatchObject([{ code: 'ambiguous-reference', subject: 'app' }]);
      expect(blindIn(two)).toMatchObject([{ code: 'ambiguous-reference', on: ['vpc', 'vpc2'] }]);
    });

    it('of hundreds that fit none is named: it may be any, and rows do not grow with each', () => {
      const many = Array.from({ length: 201 }, (_, at) => claim(`v${at}`, [kept(`e${at}/vpc`)], []));
      expect(blindIn(resolved([...many.slice(1), reader('${a}/vpc')]))).toMatchObject([
        { code: 'ambiguous-reference', on: expect.anything() },
      ]);
      const [spot] = blindIn(resolved([...many, reader('${a}/vpc')])) as readonly object[];
      expect(spot).toMatchObject({ code: 'ambiguous-reference' });
      expect(spot).not.toHaveProperty('on');
    });

    it('equal texts with a hole on both sides are no proof', () => {
      const same = (id: string) => claim(id, [kept('${?}/vpc')], []);
      const both = resolved([same('vpc'), same('vpc2'), reader('${?}/vpc')]);
      expect(rowsOf(both, 'reference')).toEqual([]);
      expect(blindIn(both)).toMatchObject([{ on: ['vpc', 'vpc2'] }]);
    });

    it('a declared reference settles it, a denied one is no candidate', () => {
      const claims = [claim('vpc', [kept('blue/vpc')], []), claim('vpc2', [kept('green/vpc')], []), reader('${a}/vpc')];
      const declared = resolved(claims, [{ from: 'app', to: 'vpc', reason: 'so it is' }]);
      expect([rowsOf(declared, 'finding'), blindIn(declared)]).toEqual([[], []]);
      const spot = {
        component: 'app',
        code: 'unknown-path',
        evidence: { rule: 'unknown-path', site: 'dependency.x.config_path' },
      };
      const unit = claim('app', [], [], { blindSpots: [spot, { ...spot, code: 'hcl-unreadable' }] });
      expect(blindIn(resolved([claim('vpc', [], []), unit]))).toHaveLength(2);
      const said = resolved([claim('vpc', [], []), unit], [{ from: 'app', to: 'vpc', reason: 'so it is' }]);
      expect(blindIn(said)).toMatchObject([{ code: 'hcl-unreadable' }]);
      const denied = resolved(claims, [{ from: 'app', to: 'vpc', deny: true, reason: 'never' }]);
      expect(blindIn(denied)).toMatchObject([{ on: ['vpc2'] }]);
      expect(rowsOf(denied, 'finding').map((one) => (one as { code: string }).code)).toEqual(['ambiguous-reference']);
    });
  });

  it('follows the verdicts of karma.yaml and says when a denial matches nothing', () => {
    const resolver = resolved(
      [claim('vpc', [provide('k:dev:1')], []), claim('app', [], [need('k:dev:1')])],
      [
        { from: 'app', to: 'vpc', deny: true, reason: 'old' },
        { from: 'vpc', to: 'app', reason: 'peering' },
        { from: 'app', to: 'nobody', deny: true, reason: 'gone' },
      ],
    );
    expect(rowsOf(resolver, 'reference')).toMatchObject([{ from: 'vpc', to: 'app', origin: 'declared' }]);
    expect(rowsOf(resolver, 'finding')).toMatchObject([{ code: 'denial-unmatched', key: 'app|nobody' }]);
  });

  it('does not rewrite references when only lines move', () => {
    const at = (line: number) =>
      claim('app', [], [need('k:dev:1', { evidence: { ...evidence, file: 'main.tf', line } })], {
        types: [
          {
            key: 'components/app',
            name: 'app',
            digest: String(line),
            variables: [],
            outputs: [],
            configKeys: [],
            parametersRead: [],
            parametersWritten: [],
            modules: [],
            sites: { [evidence.site]: ['main.tf', line] },
          },
        ],
      });
    const rowsAt = (line: number) => resolved([claim('vpc', [provide('k:dev:1')], []), at(line)]).rows;
    const delta = deltaBetween(rowsAt(3), rowsAt(4));
    expect(delta.put.map((row) => row.table)).toEqual(['type']);
  });
});

describe('rows', () => {
  it('are canonical as they are written', () => {
    const text = fc.constantFrom('a', '/b', '10', '__proto__', 'vpc');
    const evidence = fc.record(
      { version: fc.nat(9), rule: text, site: text, line: fc.nat(9), file: text, parameter: text, expression: text },
      { requiredKeys: ['rule', 'site'], noNullPrototype: true },
    );
    const reference = fc.record({
      to: text,
      from: text,
      origin: fc.constantFrom('declared' as const, 'inferred' as const),
      strength: fc.constant('proven' as const),
      rules: fc.array(text),
      consumes: fc.array(text),
      consumesFrom: fc.dictionary(text, fc.array(text)),
      tolerated: fc.array(text),
      marks: fc.array(text),
      evidence: fc.array(evidence),
    });
    fc.assert(
      fc.property(reference, fc.dictionary(text, text), text, (one, attributes, hint) => {
        const finding = { code: 'x', severity: 'info' as const, subject: 's', key: 'k', message: 'm', hint };
        const rows = [
          referenceRow(one, () => undefined),
          findingRow({ ...finding, evidence: one.evidence }),
          componentRow(component('a', { attributes }), undefined),
        ];
        for (const { value, note } of rows) {
          expect(value).toBe(canonicalJson(JSON.parse(value)));
          if (note !== '') expect(note).toBe(canonicalJson(JSON.parse(note)));
        }
      }),
    );
  });
});
