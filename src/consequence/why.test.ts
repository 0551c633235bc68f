import { describe, expect, it } from 'vitest';
import { digestOf } from '../model/digest.ts';
import type { LedgerEvent } from '../model/event.ts';
import type { RunRecord } from '../model/record.ts';
import { indexEvents } from './event-index.ts';
import { consumed, record } from './records.fixture.ts';
import { type Cause, causesOf } from './why.ts';

let seq = 0;
function event(action: string, subject: string, details: Record<string, unknown> = {}, cause?: string): LedgerEvent {
  seq += 1;
  return {
    seq,
    id: `e${seq}`,
    previous: '',
    hash: '',
    action,
    actor: 'ted',
    door: 'cli',
    subject,
    outcome: 'ok',
    at: `2026-11-24T10:00:${String(seq).padStart(2, '0')}Z`,
    details,
    ...(cause === undefined ? {} : { cause }),
  };
}

const vpc = (over: Partial<RunRecord>) => record({ component: 'prod/vpc/main', ...over });

function flat(cause: Cause): string[] {
  return [`${cause.kind} ${cause.subject} ${cause.text}`, ...cause.causes.flatMap(flat)];
}

describe('why', () => {
  seq = 0;
  const events = [
    event('config.committed', 'prod/vpc/main', { commit: 'c1', message: 'make a network' }),
    event('run.applied', 'prod/vpc/main', {
      record: vpc({ id: 'r1', commit: 'c1', outputs: { vpc_id: digestOf('v1') } }),
    }),
    event('run.applied', 'prod/ecs/web', { record: record({ id: 'r2', consumed: [consumed('/vpc_id', 'v1')] }) }),
    event('config.committed', 'prod/vpc/main', { commit: 'c2', message: 'move the network' }),
    event('change.applied', 'cr-7', { message: 'bigger network' }),
    event('run.deploy.started', 'd1', {}, 'e5'),
    event(
      'run.applied',
      'prod/vpc/main',
      { record: vpc({ id: 'r3', commit: 'c2', config: digestOf('config 2'), outputs: { vpc_id: digestOf('v2') } }) },
      'e6',
    ),
    event('run.applied', 'prod/ecs/web', {
      record: record({ id: 'r4', consumed: [consumed('/vpc_id', 'v2')], outputs: { url: digestOf('web 2') } }),
    }),
  ];
  const index = indexEvents(events);

  it('walks from a run to the output it read, the run that made it, the commit and the person', () => {
    const tree = causesOf({ component: 'prod/ecs/web' }, index);
    expect(flat(tree)).toEqual([
      'run prod/ecs/web run r4 changed url',
      'input prod/vpc/main prod/vpc/main#/vpc_id changed',
      'run prod/vpc/main run r3 changed /vpc_id',
      'input prod/vpc/main its config changed',
      'commit prod/vpc/main config.committed c2 move the network',
      'request d1 run.deploy.started',
      'request cr-7 change.applied bigger network',
    ]);
    expect(tree.causes[0]?.causes[0]?.causes[0]?.causes[0]?.actor).toBe('ted');
  });

  it('tells what asked for several runs where it is read first, and refers to that afterwards', () => {
    const both = [...events];
    const web = both.pop();
    if (web === undefined) throw new Error('no run of web');
    const told = flat(causesOf({ component: 'prod/ecs/web' }, indexEvents([...both, { ...web, cause: 'e6' }])));
    expect(told.slice(-3)).toEqual([
      'request d1 run.deploy.started',
      'request cr-7 change.applied bigger network',
      'seen d1 run.deploy.started',
    ]);
  });

  it('asks for one output: the run that last changed it', () => {
    const again = event('run.applied', 'prod/vpc/main', {
      record: vpc({ id: 'r5', outputs: { vpc_id: digestOf('v2') } }),
    });
    const tree = causesOf({ component: 'prod/vpc/main', output: '/vpc_id' }, indexEvents([...events, again]));
    expect(tree.text).toBe('run r3 changed /vpc_id');
  });

  it('says that the ledger knows nothing, instead of guessing', () => {
    expect(causesOf({ component: 'prod/none/x' }, index).kind).toBe('gap');
    expect(causesOf({ component: 'prod/vpc/main', output: '/none' }, index).kind).toBe('gap');
    const alone = indexEvents(events.filter((one) => one.subject === 'prod/ecs/web'));
    expect(flat(causesOf({ component: 'prod/ecs/web' }, alone))).toContain(
      'gap prod/vpc/main no recorded run of prod/vpc/main left it',
    );
  });

  it('never walks in a circle', () => {
    const circle = [
      event('run.applied', 'a', {
        record: record({ component: 'a', consumed: [consumed('/x', 1, 'b')], outputs: { x: digestOf(1) } }),
      }),
      event('run.applied', 'b', {
        record: record({ component: 'b', consumed: [consumed('/x', 1, 'a')], outputs: { x: digestOf(1) } }),
      }),
      event('run.applied', 'a', {
        record: record({ component: 'a', consumed: [consumed('/x', 2, 'b')], outputs: { x: digestOf(1) } }),
      }),
    ];
    expect(flat(causesOf({ component: 'a' }, indexEvents(circle))).length).toBeLessThan(20);
  });

  it('tells of what was destroyed, and of what it was before; made again, nothing of that counts', () => {
    const destroyed = [
      ...events,
      event('run.destroyed', 'prod/ecs/web', { record: record({ id: 'r5', action: 'destroy', outputs: {} }) }),
    ];
    const tree = causesOf({ component: 'prod/ecs/web' }, indexEvents(destroyed));
    expect(flat(tree).slice(0, 2)).toEqual([
      'run prod/ecs/web run r5 destroyed it',
      'run prod/ecs/web run r4 changed url',
    ]);
    const output = causesOf({ component: 'prod/ecs/web', output: '/url' }, indexEvents(destroyed));
    expect(output.text).toBe('run r5 destroyed it');
    const again = event('run.applied', 'prod/ecs/web', {
      record: record({ id: 'r6', consumed: [consumed('/vpc_id', 'v2')], outputs: { url: digestOf('web 2') } }),
    });
    expect(flat(causesOf({ component: 'prod/ecs/web' }, indexEvents([...destroyed, again]))).slice(0, 2)).toEqual([
      'run prod/ecs/web run r6 made it anew',
      'input prod/ecs/web its config',
    ]);
  });
});
