import { describe, expect, it } from 'vitest';
import { digestOf } from '../model/digest.ts';
import type { RunInputs, RunRecord } from '../model/record.ts';
import { decideCutoff } from './cutoff.ts';
import { consumed, inputs, record, seal } from './records.fixture.ts';
import { staleness } from './stale.ts';
import { statusOf } from './status.ts';

/**
 * Where others who skip or report stale consumers went wrong, one test each. Sources: the issue trackers and code of Spacelift
 * and OpenTaco, as far as they are public.
 */
const outputs = { url: digestOf('https://web') };

function skips(was: Partial<RunRecord>, now: Partial<RunInputs>): boolean {
  return decideCutoff({ record: record(was), now: inputs(now), selected: false, outputs }).skip;
}

const vpc = consumed('/vpc_id', 'v1');
const changed = consumed('/vpc_id', 'v2');

describe('a skip is wrong', () => {
  it('when its own code changed, though no output it reads did (provider issue 565)', () => {
    const module = { digest: digestOf('new code'), pinned: true };
    expect(skips({ consumed: [vpc] }, { consumed: [vpc], module })).toBe(false);
  });

  it('when it depends on a side effect of the provider and no output (the same issue)', () => {
    const before = { cloud: [{ provider: 'prod/zone/x', change: 'r1' }] };
    expect(skips(before, { cloud: [{ provider: 'prod/zone/x', change: 'r2' }] })).toBe(false);
  });

  it('when the run before failed, so that a retry must reach its dependents', () => {
    expect(skips({ consumed: [changed], outcome: 'failed' }, { consumed: [changed] })).toBe(false);
  });

  it('when an output was created and the consumer never saw one', () => {
    const missing = { ...vpc, digest: null };
    expect(skips({ consumed: [missing] }, { consumed: [vpc] })).toBe(false);
  });

  it('when the change was made by a run that did not trigger anybody: digests decide, not triggers', () => {
    expect(skips({ consumed: [vpc] }, { consumed: [changed] })).toBe(false);
  });

  it('when two deploys ago something changed that nobody has read since', () => {
    // The last run of the consumer is what counts, not the last deploy.
    expect(skips({ consumed: [vpc], id: 'r1' }, { consumed: [changed] })).toBe(false);
  });
});

describe('a green status is wrong', () => {
  it('after a partial apply of the consumer that never read the value: only a finished run acknowledges', () => {
    const acknowledged = record({ consumed: [changed], outcome: 'failed', id: 'r2' });
    const answer = statusOf({
      component: 'prod/ecs/web',
      deployment: '',
      external: false,
      lastRun: acknowledged,
      lastFinished: record({ consumed: [vpc] }),
      now: inputs({ consumed: [changed] }),
      exists: true,
      committed: undefined,
      published: 'not-applicable',
      outputs,
    });
    expect(answer.status).toBe('failed');
    expect(answer.drift.stale.state).toBe('yes');
  });

  it('after a write of the consumer that did not read this provider at all', () => {
    expect(staleness(record({ consumed: [] }), inputs({ consumed: [changed] })).state).toBe('unknown');
  });

  it('when the graph, the record or the runtime is missing: unknown, never green', () => {
    expect(staleness(undefined, inputs()).state).toBe('unknown');
    expect(staleness(record(), undefined).state).toBe('unknown');
    const unread = { ...vpc, digest: undefined };
    expect(staleness(record({ consumed: [vpc] }), inputs({ consumed: [unread] })).state).toBe('unknown');
    expect(staleness(record(), inputs({ blindSpots: ['a module that was not read'] })).state).toBe('unknown');
  });

  it('when only an unsalted digest tells a secret apart: secrets are keyed, and another key proves nothing', () => {
    const kept = { ...vpc, digest: seal('password') };
    const other = { ...vpc, digest: `k2:${digestOf('password')}` };
    expect(seal('password')).not.toContain(digestOf('password'));
    expect(staleness(record({ consumed: [kept] }), inputs({ consumed: [other] })).state).toBe('unknown');
    expect(skips({ consumed: [kept] }, { consumed: [other] })).toBe(false);
  });

  it('when a whole output is compared though one pointer of it is read: neither too much nor too little', () => {
    const id = consumed('/network/id', 'n1');
    expect(staleness(record({ consumed: [id] }), inputs({ consumed: [consumed('/network/id', 'n1')] })).state).toBe(
      'current',
    );
    expect(staleness(record({ consumed: [id] }), inputs({ consumed: [consumed('/network/id', 'n2')] })).state).toBe(
      'stale',
    );
  });
});
