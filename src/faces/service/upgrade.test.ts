import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isOpen } from '../../change/states.ts';
import type { EngineContext } from '../../engine/context.ts';
import { type RunRequest, requestKind } from '../../engine/requests/run-request.ts';
import { writeRequest } from '../../engine/requests/write-request.ts';
import { ask } from '../../engine/verbs/table.ts';
import type { Publication } from '../../engine/versions/project.ts';
import { publish } from '../../engine/versions/publish.ts';
import { makeRow, type Row } from '../../model/rows.ts';
import { TemporaryFolder, TemporaryRepository } from '../../observe/git/temporary-repository.ts';
import { openEngine } from '../../wiring/open.ts';
import { work } from './worker.ts';

/** A running estate is upgraded: for a while a newer Karma writes beside this one. */

const folder = new TemporaryFolder();
const { root } = new TemporaryRepository(join(folder.path, 'estate'));
cpSync(new URL('../../../examples/twelve', import.meta.url).pathname, root, { recursive: true });
const engine = openEngine({
  ...{ options: { dir: root, data: join(folder.path, 'data') }, env: {}, version: '0.3.0' },
});
const context = engine.as({ door: 'cli', actor: 'ted' });
const changed = 'prod/vpc/main';

beforeAll(async () => {
  new TemporaryRepository(root).commit('one');
  expect(await ask(context, 'build', {})).toMatchObject({ version: 1 });
  await asNewerKarma();
});

afterAll(async () => {
  await context.stores.close();
  folder[Symbol.dispose]();
});

/** What a Karma of the time after this one may write: events, documents, members and rows that are not known here. */
async function asNewerKarma(): Promise<void> {
  const ledger = await context.stores.ledger();
  const newer: EngineContext = {
    ...context,
    stores: {
      ...context.stores,
      ledger: async () => ({
        ...ledger,
        append: (drafts, ...more) =>
          ledger.append(
            drafts.map((draft) => ({ ...draft, details: { ...draft.details, reading: 1_000, mood: 'new' } })),
            ...more,
          ),
      }),
    },
  };
  const richer = ({ table, key, value, note }: Row): Row =>
    makeRow(table, key, { ...(JSON.parse(value) as object), weight: 3 }, note === '' ? undefined : JSON.parse(note));
  const [published] = await ledger.read({ action: 'graph.published', limit: 1 });
  const { manifest, environment } = (published?.details ?? {}) as unknown as Publication;
  const rowsAfter = (before: ReadonlyMap<string, Row>) =>
    new Map([...before].map(([name, row]) => [name, row.table === 'component' ? richer(row) : row]));
  await publish(newer, rowsAfter, { manifest, environment, identity: 'of a newer Karma' });
  const about = { actor: 'new', door: 'cli', outcome: 'ok', at: context.now() } as const;
  await ledger.append(
    [{ ...about, action: 'estate.weighed', subject: 'dev/vpc/main', details: { grams: 12, of: ['a', { b: null }] } }],
    undefined,
    { documents: [{ kind: 'weight', id: 'dev/vpc/main', body: { grams: 12 }, revision: 0 }] },
  );
  const request: RunRequest = {
    ...({ id: 'q0000000000aa', action: 'deploy', select: [changed], all: false, commit: 'HEAD' } as const),
    ...({ environments: ['prod'], actor: 'new', door: 'api', askedAt: context.now(), state: 'asked' } as const),
  };
  await writeRequest(context, { request: { ...request, how: { gently: true } as object }, revision: 0 }, 'asked');
  const restart = { ...request, id: 'q0000000000ab', action: 'restart' as 'deploy' };
  await writeRequest(context, { request: restart, revision: 0 }, 'asked');
}

const head = async () => (await context.stores.ledger()).head();

it('leaves following to the one that reads more, and publishes where a person says so', async () => {
  const before = await head();
  await expect(ask(context, 'build', { yields: true })).rejects.toMatchObject({ code: 'KARMA_DATA_NEWER' });
  expect(await head()).toEqual(before);
  expect(await ask(context, 'build', {})).toMatchObject({ version: 3, changed: true });
  // Its own it goes on with.
  expect(await ask(context, 'build', { yields: true })).toMatchObject({ version: 3, changed: false });
});

it('answers from what the newer one published, and passes over what it does not know', async () => {
  const affected = async (at: string) => (await ask(context, 'impact', { of: [changed], at })).affected;
  const before = await affected('v1');
  expect(before.length).toBeGreaterThan(0);
  expect(await affected('v2')).toEqual(before);
  const shown = async (at: string) => (await ask(context, 'show', { id: changed, at })).component;
  // What it does not know of a component it tells as it is.
  expect(await shown('v2')).toEqual({ ...(await shown('v1')), weight: 3 });
});

it('tells of events that it does not know as they are, and holds them to the chain', async () => {
  const { events } = await ask(context, 'log', { action: 'estate.weighed' });
  expect(events).toMatchObject([{ subject: 'dev/vpc/main', details: { grams: 12, of: ['a', { b: null }] } }]);
  expect(await ask(context, 'log-verify', {})).toMatchObject({ faults: [] });
});

it('takes no run that it would carry out otherwise than it was asked for', async () => {
  const before = await head();
  const said: string[] = [];
  await work({
    engine,
    name: 'older',
    once: true,
    stop: new AbortController().signal,
    say: (text) => said.push(text),
  });
  expect(said.filter((text) => text.includes('newer Karma'))).toHaveLength(2);
  expect(await head()).toEqual(before);
  const { requests } = await ask(context, 'run-requests', {});
  expect(requests.map(({ id, state }) => [id, state])).toEqual([
    ['q0000000000aa', 'asked'],
    ['q0000000000ab', 'asked'],
  ]);
});

it('keeps every document as it was when it makes the graph anew', async () => {
  const ledger = await context.stores.ledger();
  const documents = async () => [await ledger.listDocuments('weight', {}), await ledger.listDocuments(requestKind, {})];
  const before = await documents();
  await ask(context, 'store-rebuild', {});
  expect(await documents()).toEqual(before);
  expect((await ask(context, 'impact', { of: [changed], at: 'v2' })).total).toBeGreaterThan(0);
});

it('looks out for a change in a state that it does not know', () => {
  expect(isOpen('held' as 'proposed')).toBe(true);
  expect(isOpen('reverted')).toBe(false);
});
