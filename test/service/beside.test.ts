import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EngineContext } from '../../src/engine/context.ts';
import { newestPublished } from '../../src/engine/versions/newest.ts';
import { answerHere, type Question } from '../../src/faces/api/answering.ts';
import { version } from '../../src/faces/cli/version.ts';
import { Beside } from '../../src/faces/service/beside.ts';
import { KarmaError } from '../../src/model/errors.ts';
import { TemporaryRepository } from '../../src/observe/git/temporary-repository.ts';
import { openEngine } from '../../src/wiring/open.ts';

const folder = mkdtempSync(join(tmpdir(), 'karma-beside-'));
let context: EngineContext;
let beside: Beside;

const document = (verb: string, query: object): Question => ({ verb, query, form: { kind: 'document' } });
const text = ({ bytes }: { readonly bytes: Uint8Array }) => new TextDecoder().decode(bytes);
const processes = () =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, ...args]) => Number(parent) === process.pid && args.join(' ').includes('beside-process'))
    .map(([pid]) => Number(pid));

beforeAll(() => {
  const { root } = new TemporaryRepository(mkdtempSync(join(folder, 'estate-')));
  cpSync(new URL('../../examples/twelve', import.meta.url).pathname, root, { recursive: true });
  new TemporaryRepository(root).commit('the estate');
  const place = { options: { dir: root, data: join(folder, 'data') }, env: process.env, version };
  context = openEngine({ ...place, stays: true }).as({ door: 'cli' });
  // Every estate is large.
  beside = new Beside(place, 0);
});

afterAll(async () => {
  await beside.stop();
  await context.stores.close();
  rmSync(folder, { recursive: true, force: true });
});

it('answers beside with the same bytes, publishes, and tells what is wrong as this process would', async () => {
  const built = JSON.parse(text(await beside.answer({ ...context, actor: 'ted' }, document('build', {}), {})));
  expect(built).toMatchObject({ version: 1, changed: true });
  const ledger = await context.stores.ledger();
  const [published] = await ledger.read({ action: 'graph.published', limit: 1 });
  expect(published).toMatchObject({ actor: 'ted' });
  expect(await newestPublished(context)).toMatchObject({ version: 1 });
  const questions = [
    document('status', {}),
    document('order', { at: 'v1' }),
    // Few items are told here, many beside: nobody can tell which.
    document('impact', { of: ['prod/vpc/main'], at: 'v1' }),
    { verb: 'list', query: { columns: ['nothing'] }, form: { kind: 'named' } },
    { verb: 'overview', query: {}, form: { kind: 'tool', tool: 'overview' } },
  ] as const;
  for (const question of questions)
    expect(text(await beside.answer(context, question, {}))).toBe(text(await answerHere(context, question, {})));
  await expect(beside.answer(context, document('order', { select: ['env='] }), {})).rejects.toMatchObject({
    name: 'KarmaError',
    code: 'KARMA_SELECTION',
    hint: expect.any(String),
  });
  const given = AbortSignal.abort(new Error('given up'));
  await expect(beside.answer(context, document('status', {}), { signal: given })).rejects.toThrow('given up');
});

it('says that it is to be asked again where the other process is killed, and then answers', async () => {
  await beside.stop();
  // It has to begin first, so it is met before it answers.
  const waiting = beside.answer(context, document('doctor', {}), {});
  const told = expect(waiting).rejects.toMatchObject({ code: 'KARMA_UPSTREAM' });
  const there = await new Promise<readonly number[]>((found) => {
    const look = () => (processes().length > 0 ? found(processes()) : setTimeout(look, 20));
    look();
  });
  for (const pid of there) process.kill(pid, 'SIGKILL');
  await told;
  expect(JSON.parse(text(await beside.answer(context, document('status', {}), {})))).toHaveProperty('counts');
  await beside.stop();
  expect(processes()).toEqual([]);
});

it('asks here what whoever asks may do, as what they asked for turns out', async () => {
  const edits = [{ id: 'prod/vpc/main', set: { cidr: '10.99.0.0/16' } }];
  const proposed = await answerHere(context, document('change-propose', { reason: 'more room', edits }), {});
  const { id } = (JSON.parse(text(proposed)) as { readonly change: { readonly id: string } }).change;
  const heard: unknown[] = [];
  const narrow: EngineContext = {
    ...{ ...context, actor: 'ada', person: { name: 'ada' } },
    mustIn: async (role, environments) => {
      heard.push([role, environments]);
      throw new KarmaError('KARMA_FORBIDDEN', 'not in prod', { hint: 'ask who may' });
    },
  };
  await expect(beside.answer(narrow, document('change-approve', { id }), {})).rejects.toMatchObject({
    ...{ name: 'KarmaError', code: 'KARMA_FORBIDDEN', hint: 'ask who may' },
  });
  expect(heard).toEqual([[expect.any(String), ['prod']]]);
  await beside.stop();
});
