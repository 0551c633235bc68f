import { describe, expect, it } from 'vitest';
import { end, type SmallClaim } from '../testing/range.ts';
import { reference } from '../testing/small-estate.ts';
import { compareEnds } from './compare.ts';
import { rangeFindings } from './range-findings.ts';

/** `app` and `web` read outputs of `vpc`, whose module changes. */
function judged(
  before: readonly string[],
  after: readonly string[],
  options: { readonly tolerated?: readonly string[]; readonly contracts?: 'warn' | 'off' } = {},
): readonly [string, string, string][] {
  const vpc = (outputs: readonly string[]): Record<string, SmallClaim> => ({
    vpc: { files: { 'vpc/main.tf': outputs.join() }, row: { outputs } },
    app: {},
    web: {},
  });
  const reads = [
    reference('app', 'vpc', ['/id'], { tolerated: options.tolerated ?? [] }),
    reference('web', 'vpc', ['*']),
  ];
  const comparison = compareEnds(end(vpc(before), reads), end(vpc(after), reads), options);
  return rangeFindings(comparison).map(({ code, severity, message }) => [code, severity, message]);
}

describe('what a range does, as findings', () => {
  it('an output that goes under one who reads it by name is an error', () => {
    expect(judged(['id', 'cidr'], ['cidr'])).toEqual([
      ['contract-broken', 'error', 'output id dropped, and app reads it'],
    ]);
  });

  it.each([
    ['is only warned of where all have a fallback', { tolerated: ['/id'] }, 'warning'],
    ['is only warned of where karma.yaml says so', { contracts: 'warn' as const }, 'warning'],
  ])('%s', (_, options, severity) => {
    expect(judged(['id'], [], options)).toMatchObject([['contract-broken', severity, expect.anything()]]);
  });

  it('is nothing where nobody reads it by name, or contracts are off', () => {
    expect(judged(['id', 'cidr'], ['id'])).toEqual([]);
    expect(judged(['id'], [], { contracts: 'off' })).toEqual([]);
  });

  it('a state that moves is a warning', () => {
    const at = (state: string) => end({ vpc: { state, files: { f: state } } });
    expect(rangeFindings(compareEnds(at('s3://b/old'), at('s3://b/new')))).toMatchObject([
      { code: 'state-moved', severity: 'warning', subject: 'vpc' },
    ]);
  });
});
