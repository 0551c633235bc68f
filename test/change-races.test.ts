import { beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../src/change/change.ts';
import type { EngineContext } from '../src/engine/context.ts';
import { Engine } from '../src/engine/engine.ts';
import { requestKind } from '../src/engine/requests/run-request.ts';
import { readRequest } from '../src/engine/requests/write-request.ts';
import { ask } from '../src/engine/verbs/table.ts';
import { work } from '../src/faces/service/worker.ts';
import { KarmaError } from '../src/model/errors.ts';
import { yes } from './support/applying.ts';
import { changingEstates } from './support/changing.ts';
import { commitAll, type Files, writeFiles } from './support/estates.ts';
import { interleavedAt, type Moment } from './support/interleaved.ts';
import { git } from './support/karma.ts';

/**
 * What two people do to one change at once, in each order that can be: whoever comes in between does so at a named word to the ledger.
 * Configuration alone: to apply is to commit and to publish, and no lease of an environment is held over it.
 */
const estates = changingEstates();

const files: Files = {
  'karma.yaml': `estate: races
approvals: [{ count: 1 }]
policies:
  - { name: evening, when: time.hour >= 18, then: hold, reason: nobody is there }
`,
  'account_environments/races-dev.json': '{ "name": "races-dev", "environment": "dev", "config_branch": "main" }\n',
  'components/note/README.md': 'Written one day.\n',
  ...Object.fromEntries(['a', 'b'].map((name) => [`iac/dev/note/${name}/config.json`, '{ "size": 0 }\n'])),
};

let context: EngineContext;
let place = '';
let hour = 12;
beforeEach(async () => {
  hour = 12;
  const made = estates.make(files);
  ({ place } = made);
  context = { ...made.context, now: () => `2026-05-01T${hour}:00:00.000Z` };
  await ask(context, 'config-publish', { all: true });
});

const as = (actor: string, own = context): EngineContext => ({ ...own, actor });
const edits = (size: number) => [{ id: 'dev/note/a', set: { size } }];
const propose = async (size: number) =>
  (await ask(as('ada'), 'change-propose', { reason: `size ${size}`, edits: edits(size) })).id ?? '';
const revise = (id: string, size: number) =>
  ask(as('cy'), 'change-propose', { reason: `size ${size}`, revise: id, edits: edits(size) });
const approve = (id: string, own = context, seen = {}) => ask(as('ben', own), 'change-approve', { id, ...seen });
const apply = async (id: string, own = context) =>
  (await ask(as('ada', own), 'change-apply', { id }, { here: { face: yes } })).outcome;
const resume = async (id: string, own = context) =>
  (await ask(as('ada', own), 'change-resume', { id }, { here: { face: yes } })).outcome;
const changeOf = async (id: string): Promise<Change> => (await ask(context, 'change', { id })).change;
const stateOf = async (id: string) => (await changeOf(id)).state;
const published = async () =>
  JSON.parse((await ask(context, 'parameter', { name: '/iac/note/a/config' })).parameter.value ?? '') as unknown;
const head = () => git(place, 'rev-parse', 'main');
const approved = async (size: number) => {
  const id = await propose(size);
  await approve(id);
  return id;
};

/** Its commit is there, and its configuration is not published. */
async function halfway(id: string): Promise<void> {
  const { stores } = context;
  const parameters: typeof stores.parameters = async (binding) => {
    if ((await changeOf(id)).apply?.committed === true)
      throw new KarmaError('KARMA_UPSTREAM', 'the account is out of reach');
    return stores.parameters(binding);
  };
  await expect(apply(id, { ...context, stores: { ...stores, parameters } })).rejects.toMatchObject({
    code: 'KARMA_UPSTREAM',
  });
  expect(await stateOf(id)).toBe('failed');
}

describe('a change that gets another content', { retry: 0 }, () => {
  it('between the look and the word of who agrees is not agreed to', async () => {
    const id = await propose(1);
    const late = interleavedAt(context, { action: 'change.approved', when: 'before' }, () => revise(id, 1000));
    await expect(approve(id, late)).rejects.toMatchObject({ code: 'KARMA_CHANGED' });
    expect(await changeOf(id)).toMatchObject({ state: 'simulated', revision: 2 });
    expect((await changeOf(id)).approvals).toBeUndefined();
  });

  it('while it is agreed to and applied is refused in every gap before the commit, and nothing of either happens', async () => {
    const before = head();
    const id = await approved(1);
    const between = async () => {
      await revise(id, 1000);
      await approve(id);
    };
    const late = interleavedAt(context, { action: 'change.applying', when: 'before' }, between);
    await expect(apply(id, late)).rejects.toMatchObject({ message: expect.stringContaining('got another content') });
    expect([head(), await published(), await stateOf(id)]).toEqual([before, { size: 0 }, 'approved']);
    // Once it is applied, nobody can.
    const then = interleavedAt(context, { action: 'change.applying', when: 'after' }, () =>
      expect(revise(id, 7)).rejects.toMatchObject({ message: expect.stringContaining('is applying') }),
    );
    expect([await apply(id, then), await published()]).toEqual(['applied', { size: 1000 }]);
    // Whose it is stands in the commit.
    const format = '%an|%(trailers:key=Co-authored-by,valueonly,separator=)';
    expect(git(place, 'log', '-1', `--format=${format}`)).toMatch(/^ada\|cy <.*>$/);
  });

  it('comes to do more by what is committed between the gates and the commit, and goes back', async () => {
    const id = await approved(1);
    const more = async () => {
      writeFiles(place, { 'iac/dev/note/a/config.json': '{ "size": 0, "text": "another" }\n' });
      commitAll(place, 'of the same');
    };
    await expect(
      apply(id, interleavedAt(context, { action: 'change.applying', when: 'after' }, more)),
    ).rejects.toMatchObject({ code: 'KARMA_CHANGED' });
    expect(git(place, 'log', '-1', '--format=%s')).toBe('of the same');
    const { state, approvals, apply: applied } = await changeOf(id);
    expect([state === 'approved', approvals, applied]).toEqual([false, undefined, undefined]);
  });

  it('is held back by a rule of the hour to the last, and is as agreed to as before', async () => {
    const before = head();
    const id = await approved(1);
    const late = interleavedAt(context, { action: 'change.applying', when: 'after' }, async () => {
      hour = 18;
    });
    await expect(apply(id, late)).rejects.toMatchObject({
      code: 'KARMA_REFUSED',
      message: expect.stringContaining('policy evening holds it back'),
    });
    expect([head(), await published()]).toEqual([before, { size: 0 }]);
    hour = 12;
    expect(await stateOf(id)).toBe('approved');
    expect(await apply(id)).toBe('applied');
  });

  it('is not applied by a worker under a request that was of another revision, begun or not', async () => {
    const id = await approved(1);
    const asked = () => ask(as('ada', { ...context, door: 'api' }), 'change-apply-ask', { id });
    const { request } = await asked();
    const end = async () => {
      const { signal } = new AbortController();
      await work({ engine: new Engine(context), name: 'w', stop: signal, once: true, say: () => undefined });
      return (await readRequest(context, request.id)).request;
    };
    await revise(id, 1000);
    await approve(id);
    await halfway(id);
    expect(await end()).toMatchObject({ state: 'failed', code: 'KARMA_CHANGED', message: /revision 2 by now/ });
    expect([await stateOf(id), await published()]).toEqual(['failed', { size: 0 }]);
    // Gone on with, that is of what was begun.
    const { request: later } = await ask(as('ada', { ...context, door: 'api' }), 'change-resume-ask', { id });
    expect(later).toMatchObject({ revision: 2 });
    await end();
    expect([await stateOf(id), await published()]).toEqual(['applied', { size: 1000 }]);
  });

  it('is decided about only where whoever decides may, as it is then', async () => {
    const id = await propose(1);
    const mustIn: EngineContext['mustIn'] = async (_role, environments) => {
      if (environments?.includes('dev') !== false) throw new KarmaError('KARMA_FORBIDDEN', 'not in dev');
    };
    const elsewhere = { ...context, door: 'api' as const, mustIn };
    const forbidden = { code: 'KARMA_FORBIDDEN' };
    await expect(approve(id, elsewhere)).rejects.toMatchObject(forbidden);
    await expect(ask(elsewhere, 'change-plan-ask', { id })).rejects.toMatchObject(forbidden);
    await approve(id);
    await expect(ask(elsewhere, 'change-apply-ask', { id })).rejects.toMatchObject(forbidden);
    expect(await (await context.stores.ledger()).listDocuments(requestKind, { limit: 1 })).toEqual([]);
  });
});

describe('a change that is ended while it is applied', { retry: 0 }, () => {
  it.each(['change-cancel', 'change-reject'] as const)('%s comes before or after, never in between', async (verb) => {
    const before = head();
    const end = (id: string) => ask(as('ada'), verb, { id });
    const id = await approved(1);
    const late = interleavedAt(context, { action: 'change.applying', when: 'before' }, () => end(id));
    await expect(apply(id, late)).rejects.toMatchObject({
      message: expect.stringContaining('so it cannot be applied'),
    });
    expect([head(), await published()]).toEqual([before, { size: 0 }]);
    const second = await approved(2);
    const then = interleavedAt(context, { action: 'change.applying', when: 'after' }, () =>
      expect(end(second)).rejects.toMatchObject({ message: expect.stringContaining('is applying') }),
    );
    expect([await apply(second, then), await published()]).toEqual(['applied', { size: 2 }]);
    await expect(apply(second)).rejects.toMatchObject({ message: `${second} is applied already` });
    await expect(apply(id)).rejects.toMatchObject({
      message: expect.stringMatching(/is (?:cancelled|rejected) already/),
    });
    const ahead = await ask(context, 'change-apply', { id: second, dryRun: true }, { here: { face: yes } });
    expect([ahead.outcome, ahead.obstacles.map(({ because }) => because)]).toEqual([
      'would not apply',
      [`${second} is applied already`],
    ]);
  });
});

describe('a change that is taken back', { retry: 0 }, () => {
  const reverted = async (id: string) => {
    const { id: back = '' } = await ask(context, 'change-revert', { id });
    await approve(back);
    return back;
  };
  const held = { code: 'KARMA_LOCK_HELD' };

  it.each<Moment>([
    { action: 'change.applying', when: 'after' },
    { action: 'change.publishing', when: 'after' },
  ])('waits while somebody goes on with it ($action, $when)', async (moment) => {
    const id = await approved(1);
    await halfway(id);
    const back = await reverted(id);
    const between = interleavedAt(context, moment, () => expect(apply(back)).rejects.toMatchObject(held));
    expect([await resume(id, between), await published()]).toEqual(['applied', { size: 1 }]);
    expect([await apply(back), await published(), await stateOf(id)]).toEqual(['applied', { size: 0 }, 'reverted']);
  });

  it.each<Moment>([
    { action: 'change.applying', when: 'before' },
    { action: 'change.committed', when: 'after' },
  ])('is not gone on with meanwhile ($action, $when)', async (moment) => {
    const id = await approved(1);
    await halfway(id);
    const back = await reverted(id);
    const between = interleavedAt(context, moment, () => expect(resume(id)).rejects.toMatchObject(held));
    expect([await apply(back, between), await published(), await stateOf(id)]).toEqual([
      'applied',
      { size: 0 },
      'reverted',
    ]);
    await expect(resume(id)).rejects.toMatchObject({ code: 'KARMA_REFUSED' });
  });

  it('waits for who was killed over it, too: that is ended first', async () => {
    const id = await approved(1);
    await halfway(id);
    const back = await reverted(id);
    const killed = interleavedAt(context, { action: 'change.publishing', when: 'after' }, async () => {
      throw new Error('killed');
    });
    await expect(resume(id, killed)).rejects.toThrow('killed');
    expect(await stateOf(id)).toBe('applying');
    await expect(apply(back)).rejects.toMatchObject({ message: expect.stringContaining(`${id} is being applied`) });
    expect([await resume(id), await apply(back), await published()]).toEqual(['applied', 'applied', { size: 0 }]);
  });

  it('and by something else than what takes it back is not, but where it failed halfway', async () => {
    const id = await approved(1);
    expect(await apply(id)).toBe('applied');
    const back = await reverted(id);
    await revise(back, 5);
    await approve(back);
    expect([await apply(back), await published(), await stateOf(id)]).toEqual(['applied', { size: 5 }, 'applied']);
    const second = await approved(6);
    await halfway(second);
    const other = await reverted(second);
    await revise(other, 7);
    await approve(other);
    expect([await apply(other), await published(), await stateOf(second)]).toEqual([
      'applied',
      { size: 7 },
      'reverted',
    ]);
    const { events } = await ask(context, 'change', { id: second });
    expect(events.at(-1)?.details).toMatchObject({ by: other, exactly: false });
  });

  it('twice is taken back once, and the second says that nothing is left of it', async () => {
    const id = await approved(1);
    expect(await apply(id)).toBe('applied');
    const [one, other] = [await reverted(id), await reverted(id)];
    expect(await apply(one)).toBe('applied');
    const after = head();
    await expect(apply(other)).rejects.toThrow();
    await approve(other).catch(() => undefined);
    await apply(other).catch(() => undefined);
    expect([git(place, 'diff', '--stat', after, 'main'), await published(), await stateOf(id)]).toEqual([
      '',
      { size: 0 },
      'reverted',
    ]);
    expect(['applying', 'failed']).not.toContain(await stateOf(other));
  });
});
