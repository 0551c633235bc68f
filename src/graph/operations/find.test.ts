import { describe, expect, it } from 'vitest';
import { makeRow } from '../../model/rows.ts';
import { graphFrom } from '../graph.ts';
import { component, idsOf, reference } from '../testing/small-estate.ts';
import { find, findAll, findOne, splitOutputs } from './find.ts';

const unit = (id: string, more = {}) =>
  component(id, {
    layout: 'terragrunt',
    path: id,
    module: 'modules/net',
    attributes: { source: 'git::https://x.dev/net?ref=v1' },
    ...more,
  });
const graph = graphFrom([
  component('dev/vpc/main'),
  component('prod/vpc/main'),
  component('prod/db/orders', { module: 'components/db' }),
  component('prod/lambda/api'),
  component('prod/param:/iac/clickhouse/ami'),
  unit('live/prod/network'),
  unit('live/c#/net#1', { module: '', attributes: {} }),
  unit('live/prod/network-extra', { module: '', attributes: {} }),
  reference('prod/db/orders', 'prod/lambda/api', ['/arn'], {
    consumesFrom: { '/iac/lambda/resize/runtime': ['/arn'] },
  }),
  makeRow('deployment', 'prod/db/orders@', {
    component: 'prod/db/orders',
    deployment: '',
    runtimes: { '/iac/db/legacy/runtime': 'd' },
  }),
]);

describe('find', () => {
  it.each([
    ['an id', 'prod/vpc/main', '', 'id', ['prod/vpc/main']],
    ['an id with a slash at its end', 'live/prod/network/', '', 'id', ['live/prod/network']],
    ['here', '.', 'live/prod/network', 'id', ['live/prod/network']],
    ['beside here', '../network', 'live/prod/network-extra', 'id', ['live/prod/network']],
    ['a path from here', 'network', 'live/prod', 'id', ['live/prod/network']],
    ['an Adage folder', './vpc/main', 'iac/prod', 'id', ['prod/vpc/main']],
    ['a suffix', 'network', '', 'suffix', ['live/prod/network']],
    ['a longer suffix', 'db/orders', '', 'suffix', ['prod/db/orders']],
    ['a file of one component', 'iac/prod/db/orders/config.json', '', 'folder', ['prod/db/orders']],
    ['a file from here', './orders/config.json', 'iac/prod/db', 'folder', ['prod/db/orders']],
    ['a file of a module', 'components/vpc/main.tf', '', 'folder', ['dev/vpc/main', 'prod/vpc/main']],
    ['a module', 'components/vpc', '', 'module', ['dev/vpc/main', 'prod/vpc/main']],
    ['a source', 'git::https://x.dev/net?ref=v1', '', 'source', ['live/prod/network']],
    ['a parameter of its own', '/iac/clickhouse/ami', '', 'parameter', ['prod/param:/iac/clickhouse/ami']],
    ['a runtime by its readers', '/iac/lambda/resize/runtime', '', 'parameter', ['prod/lambda/api']],
    ['a runtime by its deployment', '/iac/db/legacy/runtime', '', 'parameter', ['prod/db/orders']],
    ['a runtime by convention', '/iac/db/orders/runtime', '', 'parameter', ['prod/db/orders']],
  ])('takes %s', (_, text, workingDirectory, by, ids) => {
    const found = find(graph, text, { workingDirectory });
    expect(found).toMatchObject({ found: true, by });
    expect(found.found && idsOf(graph, found.nodes)).toEqual(ids);
  });

  it('takes what stands in the root of the estate as here, and as above', () => {
    const root = graphFrom([unit('.'), unit('live/prod/network')]);
    expect(idsOf(root, findAll(root, '.'))).toEqual(['.']);
    expect(idsOf(root, findAll(root, '..', { workingDirectory: 'live' }))).toEqual(['.']);
  });

  it('asks who reads a file before it looks at folders', () => {
    const readersOf = (file: string) => (file === '_envcommon/net.hcl' ? ['live/prod/network', 'gone'] : []);
    expect(idsOf(graph, findAll(graph, '_envcommon/net.hcl', { readersOf }))).toEqual(['live/prod/network']);
  });

  it('takes a file that is read, as seen from the root, before a path below the folder one stands in', () => {
    const readersOf = (file: string) => (file === 'prod/root.hcl' ? ['live/prod/network'] : []);
    const options = { readersOf, workingDirectory: 'iac/prod/vpc/main' };
    expect(idsOf(graph, findAll(graph, 'prod/root.hcl', options))).toEqual(['live/prod/network']);
    expect(idsOf(graph, findAll(graph, 'own.tf', options))).toEqual(['prod/vpc/main']);
  });

  it('does not choose between several', () => {
    expect(find(graph, 'vpc/main')).toEqual({
      found: false,
      candidates: ['dev/vpc/main', 'prod/vpc/main'],
      nearest: [],
    });
    expect(() => findOne(graph, 'vpc/main')).toThrow(expect.objectContaining({ code: 'KARMA_AMBIGUOUS' }));
    expect(() => findOne(graph, 'components/vpc')).toThrow(expect.objectContaining({ code: 'KARMA_AMBIGUOUS' }));
  });

  it('names the nearest', () => {
    expect(find(graph, 'db/odrers')).toMatchObject({ found: false, nearest: ['prod/db/orders'] });
    expect(() => findOne(graph, 'prod/vpc/mian')).toThrow(
      expect.objectContaining({ code: 'KARMA_NOT_FOUND', hint: expect.stringContaining('prod/vpc/main') }),
    );
  });

  it('does not say of a file that it is only no component', () => {
    expect(() => findOne(graph, 'docs/nobody.tf')).toThrow(/and none is known to read a file of that name$/);
    expect(() => findOne(graph, 'nothing-alike')).toThrow(/^no component is called 'nothing-alike'$/);
  });

  it('names ids that share a step, where a word is a misspelling of none', () => {
    expect(find(graph, 'rds-postgres/orders')).toMatchObject({ found: false, nearest: ['prod/db/orders'] });
    expect(find(graph, 'networks')).toMatchObject({ found: false, nearest: ['live/prod/network'] });
    expect(find(graph, 'nothing-alike')).toMatchObject({ found: false, nearest: [] });
  });

  it.each(['', '..', '../../x', '/'])('finds nothing under %j', (text) => {
    expect(find(graph, text).found).toBe(false);
  });
});

describe('splitOutputs', () => {
  it.each([
    ['vpc/main', 'vpc/main', []],
    ['vpc/main#/vpc_id', 'vpc/main', ['/vpc_id']],
    ['vpc/main#vpc_id,/subnets/0', 'vpc/main', ['/vpc_id', '/subnets/0']],
    ['vpc/main#*', 'vpc/main', ['*']],
    ['vpc/main#', 'vpc/main', []],
    ['live/c#/net#1', 'live/c#/net#1', []],
    ['live/c#/net#1#/id', 'live/c#/net#1', ['/id']],
    ['net#1#id', 'net#1', ['/id']],
    ['nobody#/id', 'nobody', ['/id']],
  ])('%s', (text, name, outputs) => {
    expect(splitOutputs(graph, text)).toEqual({ component: name, outputs });
  });
});
