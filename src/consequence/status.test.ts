import { describe, expect, it } from 'vitest';
import { digestOf } from '../model/digest.ts';
import { consumed, inputs, record } from './records.fixture.ts';
import { type StatusQuestion, statusOf } from './status.ts';

const config = digestOf('config');

function question(over: Partial<StatusQuestion> = {}): StatusQuestion {
  return {
    component: 'prod/ecs/web',
    deployment: '',
    external: false,
    lastRun: record(),
    lastFinished: record(),
    now: inputs(),
    exists: true,
    committed: config,
    published: config,
    outputs: { url: digestOf('https://web') },
    ...over,
  };
}

describe('status', () => {
  it.each([
    ['deployed', {}],
    ['deployed', { published: 'not-applicable' }],
    ['external', { external: true, lastRun: undefined, lastFinished: undefined }],
    ['failed', { lastRun: record({ outcome: 'failed' }) }],
    ['never run', { lastRun: undefined, lastFinished: undefined, exists: false }],
    ['never run', { lastRun: record({ action: 'destroy' }) }],
    ['unknown', { lastRun: undefined, lastFinished: undefined, exists: true }],
    ['unknown', { lastRun: undefined, lastFinished: undefined, exists: undefined }],
    ['stale', { now: inputs({ config: digestOf('other') }) }],
    ['unpublished', { committed: digestOf('new'), now: inputs() }],
    ['unpublished', { published: null }],
    ['edited', { outputs: { url: digestOf('by hand') } }],
    ['drifted', { refreshed: { changed: ['aws_vpc.this'] } }],
    ['unknown', { refreshed: { failed: 'no credentials' } }],
    ['unknown', { published: undefined }],
    ['unknown', { outputs: undefined }],
    ['unknown', { now: undefined }],
    ['unknown', { lastFinished: record({ reconstructed: true }), lastRun: record({ reconstructed: true }) }],
  ] as const)('is %s (%#)', (expected, over) => {
    expect(statusOf(question(over as Partial<StatusQuestion>)).status).toBe(expected);
  });

  it('says beside any other word what a refresh found, or why it found nothing', () => {
    const stale = { now: inputs({ config: digestOf('other') }) };
    expect(statusOf(question({ ...stale, refreshed: { changed: ['aws_vpc.this'] } }))).toMatchObject({
      status: 'stale',
      reasons: ['its config changed', 'drifted too: aws_vpc.this'],
    });
    expect(statusOf(question({ ...stale, refreshed: { failed: 'no credentials' } }))).toMatchObject({
      status: 'stale',
      reasons: ['its config changed', 'it could not be refreshed: no credentials'],
    });
    expect(statusOf(question({ refreshed: { failed: 'no credentials' } })).reasons).toEqual([
      'it could not be refreshed: no credentials',
    ]);
    expect(statusOf(question({ refreshed: { changed: [] } })).status).toBe('deployed');
  });

  it('keeps the four kinds apart: one deployment can be stale, edited and unpublished at once', () => {
    const answer = statusOf(
      question({
        lastFinished: record({ consumed: [consumed('/vpc_id', 'a')] }),
        now: inputs({ consumed: [consumed('/vpc_id', 'b')] }),
        outputs: { url: digestOf('by hand') },
        committed: digestOf('new'),
      }),
    );
    expect(answer.drift.unpublished.state).toBe('yes');
    expect(answer.drift.stale.state).toBe('yes');
    expect(answer.drift.edited.state).toBe('yes');
    expect(answer.drift.drifted.state).toBe('not-asked');
  });

  it('owns only what the run wrote: a further output of somebody else is no edit', () => {
    const answer = statusOf(question({ outputs: { url: digestOf('https://web'), extra: digestOf(1) } }));
    expect(answer.drift.edited.state).toBe('no');
  });
});
