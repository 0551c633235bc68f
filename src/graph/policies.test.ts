import { describe, expect, it } from 'vitest';
import { makeRow } from '../model/rows.ts';
import { graphFrom } from './graph.ts';
import { mostTold, policyFindings } from './policies.ts';

const component = (id: string, environment: string) =>
  makeRow('component', id, {
    id,
    kind: 'component',
    layout: 'adage',
    external: false,
    type: 'vpc',
    nickname: id,
    environment,
    path: '',
    module: '',
    configDigest: '',
    attributes: {},
  });
const reference = (from: string, to: string) =>
  makeRow('reference', `${from}|${to}`, {
    consumes: ['/id'],
    consumesFrom: {},
    evidence: [],
    from,
    marks: [],
    origin: 'inferred',
    rules: [],
    strength: 'proven',
    to,
    tolerated: [],
  });

const graph = graphFrom([
  component('dev/app', 'dev'),
  component('dev/vpc', 'dev'),
  component('prod/vpc', 'prod'),
  reference('dev/app', 'dev/vpc'),
  reference('dev/app', 'prod/vpc'),
]);

describe('policies', () => {
  it('finds each reference from one selection to another, with the reason', () => {
    const found = policyFindings(graph, [
      { name: 'dev stays in dev', from: 'env=dev', to: 'env=prod', reason: 'prod is audited' },
    ]);
    expect(found).toMatchObject([
      {
        code: 'policy-breached',
        severity: 'error',
        subject: 'dev/app',
        key: 'dev stays in dev|prod/vpc',
        message: expect.stringContaining('prod is audited'),
      },
    ]);
  });

  it('takes a missing end as every component, and a severity of its own', () => {
    expect(policyFindings(graph, [{ name: 'nothing reads prod', to: 'env=prod', severity: 'info' }])).toMatchObject([
      { severity: 'info' },
    ]);
  });

  it('names a policy that cannot be read and applies the others', () => {
    const found = policyFindings(graph, [
      { name: 'broken', from: '[', to: 'env=prod' },
      { name: 'whole', from: 'env=dev', to: 'env=prod' },
    ]);
    expect(found.map(({ code }) => code)).toEqual(['policy-unusable', 'policy-breached']);
  });

  it('tells so many breaches one by one, and of the rest how many there are', () => {
    const policies = Array.from({ length: mostTold }, (_, at) => ({ name: `p${at}` }));
    const found = policyFindings(graph, policies);
    expect(found.filter(({ subject }) => subject === 'dev/app')).toHaveLength(mostTold);
    const untold = found.filter(({ subject }) => subject === 'estate');
    expect(untold).toHaveLength(mostTold / 2);
    expect(untold[0]).toMatchObject({ code: 'policy-breached', severity: 'error', key: 'p5000|2 more' });
  });
});
