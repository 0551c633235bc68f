import { describe, expect, it } from 'vitest';
import { digestOf } from '../model/digest.ts';
import type { RunInputs, RunRecord } from '../model/record.ts';
import { decideCutoff, proofInWords } from './cutoff.ts';
import { consumed, inputs, record } from './records.fixture.ts';

const reads = {
  consumed: [consumed('/vpc_id', 'vpc-1')],
  unseen: ['data.aws_ami.latest'],
  orderOnly: ['prod/iam/base'],
};
const outputs = { url: digestOf('https://web') };

function decide(
  was: Partial<RunRecord> | undefined,
  now: Partial<RunInputs> = {},
  over: Partial<Parameters<typeof decideCutoff>[0]> = {},
) {
  return decideCutoff({
    record: was === undefined ? undefined : record({ ...reads, ...was }),
    now: inputs({ ...reads, ...now }),
    selected: false,
    outputs,
    ...over,
  });
}

describe('cutoff', () => {
  it('skips with a proof that names every digest, and lists what it did not look at', () => {
    const decision = decide({});
    expect(decision.skip).toBe(true);
    if (!decision.skip) return;
    expect(decision.proof.consumed).toEqual(reads.consumed);
    expect(decision.proof.unseen).toEqual(['data.aws_ami.latest']);
    expect(proofInWords(decision.proof)).toContain('prod/vpc/main#/vpc_id kept its value');
    expect(proofInWords(decision.proof)).toContain('prod/iam/base only comes first');
  });

  it.each([
    ['selected', {}, {}, { selected: true }],
    ['no-record', undefined, {}, {}],
    ['reconstructed-record', { reconstructed: true }, {}, {}],
    ['last-run-failed', { outcome: 'failed' }, {}, {}],
    ['last-run-failed', { action: 'destroy' }, {}, {}],
    ['changed', {}, { config: digestOf('new') }, {}],
    ['changed', {}, { module: { digest: digestOf('new'), pinned: true } }, {}],
    ['changed', {}, { variables: digestOf('new') }, {}],
    ['changed', {}, { binary: 'tofu 1.12.6' }, {}],
    ['changed', { lockFile: digestOf('a') }, { lockFile: digestOf('b') }, {}],
    ['changed', {}, { consumed: [consumed('/vpc_id', 'vpc-2')] }, {}],
    ['not-comparable', {}, { consumed: [{ ...consumed('/vpc_id', 1), digest: undefined }] }, {}],
    ['not-comparable', {}, { consumed: [...reads.consumed, consumed('/zone', 'z')] }, {}],
    ['not-comparable', {}, { consumed: [] }, {}],
    ['not-comparable', {}, { config: undefined }, {}],
    ['not-comparable', {}, { cloud: [{ provider: 'prod/zone/x', change: 'r9' }] }, {}],
    ['module-unpinned', {}, { module: { digest: digestOf('module'), pinned: false } }, {}],
    ['no-lock-file', { lockFile: null }, { lockFile: null }, {}],
    ['blind-spot', {}, { blindSpots: ['data "external"'] }, {}],
    ['edited', {}, {}, { outputs: { url: digestOf('by hand') } }],
    ['edited', {}, {}, { outputs: {} }],
    ['output-unknown', {}, {}, { outputs: undefined }],
  ] as const)('runs, because %s', (code, was, now, over) => {
    const decision = decide(was, now, over);
    expect(decision.skip).toBe(false);
    expect(decision.skip ? [] : decision.reasons.map((one) => one.code)).toContain(code);
  });

  it('skips through the cloud only while the provider changed no resource since', () => {
    const cloud = [{ provider: 'prod/zone/x', change: 'r3' }];
    expect(decide({ cloud }, { cloud }).skip).toBe(true);
    expect(decide({ cloud }, { cloud: [{ provider: 'prod/zone/x', change: undefined }] }).skip).toBe(false);
  });

  it('does not mind outputs that others write too', () => {
    expect(decide({}, {}, { outputs: { url: digestOf('script') }, alsoWritten: new Set(['url']) }).skip).toBe(true);
  });

  it('says every reason, not only the first', () => {
    const decision = decide({}, { config: digestOf('x'), blindSpots: ['a'] }, { selected: true });
    expect(decision.skip ? [] : decision.reasons.map((one) => one.code)).toEqual(['selected', 'blind-spot', 'changed']);
  });
});
