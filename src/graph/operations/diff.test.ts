import { describe, expect, it } from 'vitest';
import type { ReferenceRow } from '../../model/reference.ts';
import { makeRow } from '../../model/rows.ts';
import { component, deployment, estate, finding, reference, type } from '../testing/small-estate.ts';
import { diff, diffEnvironments } from './diff.ts';

const nothing = {
  added: [],
  removed: [],
  changed: [],
  referencesAdded: [],
  referencesRemoved: [],
  referencesChanged: [],
  findingsNew: [],
  findingsGone: [],
  runtimes: [],
  undecided: [],
};
const why = (site: string): Partial<ReferenceRow> => ({ evidence: [{ rule: 'r', site }] });

describe('diff', () => {
  it('is empty between equal graphs, whatever the lines', () => {
    const rows = (line: number) => [
      component('a', { sites: { x: ['f', line] } }),
      finding('cycle', 'a', { message: `${line}` }),
    ];
    expect(diff(estate('a -> b /x', rows(1)), estate('a -> b /x', rows(2)))).toEqual(nothing);
  });

  it('tells what is new, gone and changed, and in which field', () => {
    const before = estate('', [
      component('a'),
      component('b', { attributes: { owner: 'x' } }),
      type('components/', { digest: 't1' }),
    ]);
    const after = estate('', [
      component('b', { configDigest: 'c1', attributes: { owner: 'y' }, module: 'm' }),
      component('c'),
      type('m'),
    ]);
    expect(diff(before, after)).toMatchObject({
      added: ['c'],
      removed: ['a'],
      changed: [{ id: 'b', fields: ['attributes.owner', 'config', 'module'] }],
    });
  });

  it('compares secrets beside the hash: unequal under one key, unknown under two', () => {
    const of = (secrets?: string) =>
      estate('', [component('a', secrets === undefined ? {} : { secrets }), component('b')]);
    expect(diff(of('k1:aa'), of('k1:aa'))).toEqual(nothing);
    expect(diff(of('k1:aa'), of('k1:bb'))).toEqual({ ...nothing, changed: [{ id: 'a', fields: ['config'] }] });
    expect(diff(of('k1:aa'), of('k2:aa'))).toEqual({ ...nothing, undecided: ['a'] });
    expect(diff(of(), of('k2:aa')).changed).toEqual([{ id: 'a', fields: ['config'] }]);
  });

  it('compares the secrets of runtimes likewise', () => {
    const of = (secrets: Record<string, string>) =>
      estate('', [
        component('a'),
        deployment({ component: 'a', deployment: '', runtimes: { r: 'd', s: 'd' }, secrets }),
      ]);
    const between = (before: Record<string, string>, after: Record<string, string>) =>
      diff(of(before), of(after)).runtimes.map(({ changed, undecided }) => ({ changed, undecided }));
    expect(between({ r: 'k1:aa' }, { r: 'k1:aa' })).toEqual([]);
    expect(between({ r: 'k1:aa', s: 'k1:aa' }, { r: 'k1:bb', s: 'k2:aa' })).toEqual([
      { changed: ['r'], undecided: ['s'] },
    ]);
  });

  it('sees a module that changed under an unchanged config', () => {
    const of = (digest: string) => estate('', [component('dev/vpc/main'), type('components/vpc', { digest })]);
    expect(diff(of('t1'), of('t2')).changed).toEqual([{ id: 'dev/vpc/main', fields: ['module'] }]);
  });

  it('tells runtimes that were published, went or changed, of what both ends have', () => {
    const of = (id: string, runtimes: Record<string, string>) => [
      component(id),
      component('b'),
      makeRow('deployment', `${id}@`, { component: id, deployment: '', runtimes }),
      makeRow('deployment', 'b@dev', { component: 'b', deployment: 'dev', runtimes: { '/b': '1' } }),
    ];
    const before = estate('', of('old', { '/a': '1', '/gone': '1', '/same': '1' }));
    const after = estate('', of('a', { '/a': '2', '/new': '1', '/same': '1' }));
    expect(diff(before, after, { renames: new Map([['old', 'a']]) }).runtimes).toEqual([
      { component: 'a', deployment: '', published: ['/new'], gone: ['/gone'], changed: ['/a'], undecided: [] },
    ]);
    expect(diff(before, before).runtimes).toEqual([]);
    expect(diff(before, after).runtimes).toEqual([]);
  });

  it('tells what references consume more and less, and why else they differ', () => {
    const of = (consumes: string[], more: Partial<ReferenceRow>) =>
      estate('', [component('a'), component('b'), reference('a', 'b', consumes, more)]);
    expect(
      diff(of(['/x', '/y'], why('s')), of(['/y', '/z'], { ...why('t'), origin: 'declared' })).referencesChanged,
    ).toEqual([{ from: 'a', to: 'b', consumesAdded: ['/z'], consumesRemoved: ['/x'], fields: ['evidence', 'origin'] }]);
  });

  it('follows renames, in references and findings too', () => {
    const before = estate('new/a -> old/b /x', [finding('cycle', 'old/b')]);
    const after = estate('new/a -> new/b /x', [
      component('new/b', { environment: 'old', path: 'iac/old/b', type: 'old', module: 'components/old' }),
      finding('cycle', 'new/b'),
    ]);
    expect(diff(before, after, { renames: new Map([['old/b', 'new/b']]) })).toEqual({
      ...nothing,
      changed: [{ id: 'new/b', was: 'old/b', fields: [] }],
    });
  });

  it('tells nothing of the ref that an end was read from', () => {
    const found = diff(estate('a', [finding('ref-not-followed', 'binding shop-dev')]), estate('a'));
    expect(found.findingsGone).toEqual([]);
  });

  it('tells findings that are new and gone', () => {
    const found = diff(estate('a', [finding('cycle', 'a')]), estate('a', [finding('cycle', 'a', { key: '2' })]));
    expect(found.findingsNew).toMatchObject([{ key: '2' }]);
    expect(found.findingsGone).toMatchObject([{ key: '' }]);
  });
});

describe('diffEnvironments', () => {
  const graph = estate(
    `
    dev/db/main -> dev/vpc/main /id
    prod/db/main -> prod/vpc/main /id
    prod/site/www -> prod/vpc/main /id
  `,
    [component('prod/vpc/main', { configDigest: 'c1', attributes: { account: '2' } })],
  );

  it('matches by nickname and passes over what must differ', () => {
    expect(diffEnvironments({ graph, environment: 'dev' }, { graph, environment: 'prod' })).toEqual({
      ...nothing,
      added: ['prod/site/www'],
      changed: [{ id: 'prod/vpc/main', was: 'dev/vpc/main', fields: ['config'] }],
      referencesAdded: [{ from: 'prod/site/www', to: 'prod/vpc/main' }],
    });
  });

  it('is the same the other way round', () => {
    const back = diffEnvironments({ graph, environment: 'prod' }, { graph, environment: 'dev' });
    expect(back.removed).toEqual(['prod/site/www']);
    expect(back.referencesRemoved).toEqual([{ from: 'prod/site/www', to: 'prod/vpc/main' }]);
  });
});
