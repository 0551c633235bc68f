import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphFrom } from '../graph.ts';
import { component, estate, estateRows, idsOf, randomEdges, randomGraph } from '../testing/small-estate.ts';
import type { SelectionContext } from './context.ts';
import { gitRangesIn } from './git-ranges.ts';
import { compileGlob } from './glob.ts';
import { select } from './select.ts';

/** The estate of Terragrunt's own examples, and an Adage corner. */
const unit = (id: string, attributes: Record<string, string> = {}) =>
  component(id, {
    layout: 'terragrunt',
    path: id,
    module: '',
    type: 'unit',
    environment: id.split('/')[1] ?? '',
    attributes,
  });
const graph = graphFrom([
  ...estateRows(`
    live/prod/service -> live/prod/db /url
    live/prod/service -> live/prod/cache /url
    live/prod/db -> live/prod/vpc /id
    live/prod/cache -> live/prod/vpc /id
    live/dev/db -> live/dev/vpc /id
    live/dev/db -> dev/param:/ami /v
  `),
  unit('live/prod/vpc', { owner: 'net', source: 'git::https://x.dev/vpc?ref=v2' }),
  unit('live/prod/db', { owner: 'data' }),
  unit('live/prod/cache'),
  unit('live/prod/service'),
  unit('live/dev/vpc', { owner: 'net', source: 'git::https://x.dev/vpc?ref=v1' }),
  unit('live/dev/db', { unit: 'stack' }),
  component('stage/bucket/site', { external: true }),
]);
const prod = ['live/prod/cache', 'live/prod/db', 'live/prod/service', 'live/prod/vpc'];
const pick = (texts: string | string[], context: SelectionContext = {}) =>
  idsOf(graph, select(graph, [texts].flat(), context).nodes);

describe('select', () => {
  it.each<[string, string | string[], readonly string[]]>([
    ['a name', 'vpc', ['live/dev/vpc', 'live/prod/vpc']],
    ['a name with a wildcard', '*c*e', ['live/prod/cache', 'live/prod/service']],
    ['an id', 'live/prod/vpc', ['live/prod/vpc']],
    ['a suffix of one id', 'prod/vpc', ['live/prod/vpc']],
    ['a path one step deep', './live/prod/*', prod],
    ['a path of any depth', './live/**', ['live/dev/db', 'live/dev/vpc', ...prod]],
    ['a path of any depth in between', './live/**/vpc', ['live/dev/vpc', 'live/prod/vpc']],
    ['an Adage folder', './iac/stage/**', ['stage/bucket/site']],
    ['what it depends on', 'service...', prod],
    ['direct dependencies', 'service...1', ['live/prod/cache', 'live/prod/db', 'live/prod/service']],
    ['what depends on it', '...live/prod/vpc', prod],
    ['direct dependents', '1...live/prod/vpc', ['live/prod/cache', 'live/prod/db', 'live/prod/vpc']],
    ['both', '1...live/prod/db...1', ['live/prod/db', 'live/prod/service', 'live/prod/vpc']],
    ['dependents without the target', '...^live/prod/vpc', prod.slice(0, 3)],
    ['targets another target leads to', '...^{live/prod/*}', prod.slice(0, 3)],
    ['within a folder', '(./live/dev)...vpc', ['live/dev/db', 'live/dev/vpc', 'live/prod/vpc']],
    ['both names', 'service | prod/service', ['live/prod/service']],
    ['a chain', './live/prod/** | !vpc | !name=db', ['live/prod/cache', 'live/prod/service']],
    ['a traversal refined', '...live/prod/vpc | ./live/prod/d*', ['live/prod/db']],
    ['a traversal as refinement', './live/prod/d* | ...db', ['live/prod/db']],
    ['a negation in front', '!vpc | ./live/dev/*', ['live/dev/db']],
    ['kind', 'kind=bucket', ['stage/bucket/site']],
    ['env', 'env=dev | kind=unit', ['live/dev/db', 'live/dev/vpc']],
    ['owner', 'owner=net', ['live/dev/vpc', 'live/prod/vpc']],
    ['owner with a wildcard', 'owner=*a*', ['live/prod/db']],
    ['source', 'source=git::https://x.dev/vpc?ref=v1', ['live/dev/vpc']],
    ['source with a wildcard', 'source=**x.dev**', ['live/dev/vpc', 'live/prod/vpc']],
    ['a source alone', 'git::https://x.dev/vpc?ref=v1', ['live/dev/vpc']],
    ['units', 'type=unit | ./live/dev/*', ['live/dev/vpc']],
    ['stacks', 'type=stack', ['live/dev/db']],
    ['what is not managed here', 'external=true', ['stage/bucket/site']],
    ['a parameter by its id', 'dev/param:/ami', ['dev/param:/ami']],
    ['several as a union', ['prod/db', 'owner=net'], ['live/dev/vpc', 'live/prod/db', 'live/prod/vpc']],
    ['negations after all others', ['!vpc', './live/prod/*'], prod.slice(0, 3)],
    [
      'a union with a compound that begins with a negation',
      ['!./live/prod/** | vpc', 'prod/db'],
      ['live/dev/vpc', 'live/prod/db'],
    ],
    ['negations alone', ['!./live/prod/**', '!kind=bucket'], ['live/dev/db', 'live/dev/vpc']],
    ['a negated traversal among negations', ['./live/prod/*', '!vpc', '!...prod/db'], ['live/prod/cache']],
  ])('%s', (_, texts, ids) => {
    expect(pick(texts)).toEqual(ids);
  });

  it('takes everything but parameters when nothing is asked', () => {
    expect(pick([])).toEqual(['live/dev/db', 'live/dev/vpc', ...prod, 'stage/bucket/site']);
  });

  it.each<[string, string, readonly string[]]>([
    ['live/prod', './*', prod],
    ['live/prod', 'vp*', ['live/dev/vpc', 'live/prod/vpc']],
    ['live/prod', '../dev/*', ['live/dev/db', 'live/dev/vpc']],
    ['live/prod', 'live/dev/*', ['live/dev/db', 'live/dev/vpc']],
    ['live/prod/db', '.', ['live/prod/db']],
    ['live/prod/db', './x', []],
    ['live/prod/db', './terragrunt.hcl', ['live/prod/db']],
    ['live/prod', '{vpc}...', ['live/prod/vpc']],
    ['live/prod', 'external=true | vpc', ['live/dev/vpc']],
  ])('from %s: %s', (workingDirectory, text, ids) => {
    expect(pick(text, { workingDirectory })).toEqual(ids);
  });

  it('asks others for what the graph does not know', () => {
    const reading = (matches: (file: string) => boolean) => (matches('live/root.hcl') ? ['live/dev/db'] : []);
    expect(pick('reading=root.hcl', { reading, workingDirectory: 'live' })).toEqual(['live/dev/db']);
    expect(pick('reading=**/*.hcl', { reading })).toEqual(['live/dev/db']);
    const changedIn = (from: string, to: string) => (from === 'main' && to === 'HEAD' ? ['live/prod/vpc', 'gone'] : []);
    expect(pick('...^[main] | **/d*', { changedIn })).toEqual(['live/prod/db']);
    const attributes = { status: (id: string) => (id.endsWith('vpc') ? 'stale' : 'deployed') };
    expect(pick('status=stale', { attributes })).toEqual(['live/dev/vpc', 'live/prod/vpc']);
  });

  it('tells what found nothing, with the nearest name', () => {
    expect(select(graph, ['prod/vpx']).unmatched).toEqual([{ text: 'prod/vpx', nearest: ['live/prod/vpc'] }]);
    expect(select(graph, ['env=prd']).unmatched).toEqual([{ text: 'env=prd', nearest: ['env=prod'] }]);
    expect(select(graph, ['env=prd*']).unmatched).toEqual([{ text: 'env=prd*', nearest: [] }]);
    expect(select(graph, ['./nowhere/*']).unmatched).toEqual([{ text: './nowhere/*', nearest: [] }]);
  });

  it.each([
    ['type=vpc', 'KARMA_SELECTION'],
    ['external=maybe', 'KARMA_SELECTION'],
    ['ownr=net', 'KARMA_SELECTION'],
    ['[main]', 'KARMA_SELECTION'],
  ])('refuses %s', (text, code) => {
    expect(() => select(graph, [text])).toThrow(expect.objectContaining({ code }));
  });

  it.each([
    ['ownr=net', 'Did you mean `owner=`? Keys there are: '],
    ['status=stale', '`karma status` tells it. Keys there are: '],
    ['constructor=x', 'Keys there are: '],
  ])('says what else %j could be', (text, hint) => {
    expect(() => select(graph, [text])).toThrow(expect.objectContaining({ hint: expect.stringContaining(hint) }));
    expect(() => select(graph, [text])).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/env, .*kind, .*type\b/) }),
    );
  });

  it('refuses a suffix of several ids instead of guessing', () => {
    const two = estate('dev/vpc/main\nprod/vpc/main');
    expect(() => select(two, ['vpc/main'])).toThrow(expect.objectContaining({ code: 'KARMA_AMBIGUOUS' }));
    expect(idsOf(two, select(two, ['**/vpc/main']).nodes)).toEqual(two.ids);
  });

  it('keeps the laws of sets on any graph', () => {
    const operand = fc.constantFrom(
      'n01',
      'n0*',
      '...n03',
      'n05...',
      '1...n07...2',
      '...^n02',
      './dev/**',
      '!n04',
      '!...n06',
    );
    fc.assert(
      fc.property(randomEdges, operand, operand, (edges, a, b) => {
        const random = randomGraph(edges);
        const run = (...texts: string[]) => select(random, texts).nodes;
        expect(run(a, a)).toEqual(run(a));
        expect(run(a, b)).toEqual(run(b, a));
        const left = new Set(run(a));
        for (const node of run(`${a} | ${b}`)) expect(left.has(node)).toBe(true);
        expect(run(`${a} | ./dev/**`)).toEqual(run(a));
        expect(run(`!!${a}`)).toEqual(run(a));
        expect([...run(a), ...run(`./dev/** | !${a}`)].sort((x, y) => x - y)).toEqual(run());
      }),
    );
  });
});

describe('gitRangesIn', () => {
  it('gathers the ranges of all selections, each once', () => {
    expect(gitRangesIn(['...[main] | !./x', '![main...HEAD]', '[a...b]', 'vpc'])).toEqual([
      { from: 'main', to: 'HEAD' },
      { from: 'a', to: 'b' },
    ]);
  });
});

describe('compileGlob', () => {
  it.each([
    ['foo/*.tf', 'foo/bar.tf', true],
    ['foo/*.tf', 'foo/bar/baz.tf', false],
    ['foo/**/bar.tf', 'foo/a/b/bar.tf', true],
    ['foo/**/bar.tf', 'foo/bar.tf', true],
    ['foo/**/*.tf', 'foo/root.tf', false],
    ['*/**/bar.tf', 'foo/bar.tf', false],
    ['f?o', 'foo', true],
    ['f?o', 'f/o', false],
    ['a\\*b.tf', 'a*b.tf', true],
    ['a\\*b.tf', 'acb.tf', false],
    ['a.b+(c)', 'a.b+(c)', true],
    ['a.b*', 'axb', false],
  ])('%s on %s: %s', (pattern, text, matches) => {
    expect(compileGlob(pattern)(text)).toBe(matches);
  });
});
