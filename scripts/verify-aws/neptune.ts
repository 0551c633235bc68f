import { isDeepStrictEqual } from 'node:util';
import { makeRow } from '../../src/model/rows.ts';
import { checkNeptune } from '../../src/stores/graph/neptune/checks.ts';
import type { NeptuneClient } from '../../src/stores/graph/neptune/client.ts';
import { elementId, text } from '../../src/stores/graph/neptune/literal.ts';
import { type NeptuneSettings, openNeptune } from '../../src/stores/graph/neptune/open.ts';
import type { GraphStore } from '../../src/stores/graph/port.ts';
import { must, type Point } from './point.ts';

const rows = (count: number, value: number) =>
  Array.from({ length: count }, (_, n) => makeRow('component', `verify/vpc/${n}`, { value }));

/** The points N0 to N9, in the order in which they build on one another. */
export async function neptunePoints(settings: NeptuneSettings): Promise<readonly Point[]> {
  const { client, store } = await openNeptune(settings);
  const { estate } = settings;
  const vertex = text(elementId('verify', estate));
  return [
    { id: 'N0', title: 'the cluster answers, and may be written', verify: () => reach(client, estate) },
    {
      id: 'N1',
      title: 'a merge behind a guard that does not hold runs not at all',
      verify: () => guard(client, vertex, estate),
    },
    { id: 'N2', title: 'answers come without types, whole numbers as numbers', verify: () => untyped(client) },
    { id: 'N3', title: 'of racing writers one moves the head', verify: () => race(settings, store) },
    { id: 'N4', title: 'the same request twice changes nothing', verify: () => twice(store) },
    { id: 'N5', title: 'a version staged and not published is invisible', verify: () => staged(settings, store) },
    { id: 'N6', title: 'one request of 200 records and one of many more', verify: () => sizes(store) },
    { id: 'N7', title: 'hostile text comes back byte by byte', verify: () => hostile(store) },
    { id: 'N8', title: 'the reader endpoint never shows half a version', verify: () => replicas(settings, store) },
    {
      id: 'N9',
      title: 'forgetting and clearing leave nothing behind',
      verify: () => cleared(client, store, estate, vertex),
    },
  ];
}

async function reach(client: NeptuneClient, estate: string): Promise<string> {
  const checks = await checkNeptune(client, estate);
  const bad = checks.find((check) => check.state === 'failed');
  must(bad === undefined, `${bad?.name}: ${bad?.message}`);
  return checks.map((check) => check.name).join(', ');
}

async function guard(client: NeptuneClient, vertex: string, estate: string): Promise<string> {
  const made = `[(T.label):'Head','estate':${text(estate)},'gen':1L]`;
  await client.gremlin(`g.mergeV([(T.id):${vertex}]).option(Merge.onCreate,${made}).count()`);
  const merge = `.mergeV([(T.id):${text(elementId('ghost', estate))}]).option(Merge.onCreate,[(T.label):'Ghost'])`;
  const answer = await client.gremlin(`g.V(${vertex}).has('gen',2L)${merge}.count()`);
  const [ghosts] = await client.gremlin(`g.V(${text(elementId('ghost', estate))}).count()`);
  must(ghosts === 0, `the merge ran (the request answered ${JSON.stringify(answer)})`);
  return `answered ${JSON.stringify(answer)}`;
}

async function untyped(client: NeptuneClient): Promise<string> {
  const [answer] = await client.gremlin(`g.inject(9007199254740991L).project('n').by(identity())`);
  must(JSON.stringify(answer) === '{"n":9007199254740991}', `got ${JSON.stringify(answer)}`);
  return JSON.stringify(answer);
}

async function race(settings: NeptuneSettings, store: GraphStore): Promise<string> {
  const delta = { put: rows(10, 1), remove: [] };
  const writers = await Promise.all(Array.from({ length: 8 }, () => openNeptune(settings)));
  const answers = await Promise.all(writers.map((writer) => writer.store.apply(1, delta, 'h1')));
  const applied = answers.filter((answer) => answer === 'applied').length;
  must(applied === 1, `${applied} writers say that they applied it`);
  must((await store.load(1)).length === 10, 'the version holds other rows');
  return answers.join(' ');
}

async function twice(store: GraphStore): Promise<string> {
  await store.apply(2, { put: rows(3, 2), remove: [] }, 'h2');
  const answer = await store.apply(2, { put: rows(3, 2), remove: [] }, 'h2');
  must(answer === 'already', answer);
  const states = await store.history('component', 'verify/vpc/0');
  must(states.length === 2, `the row has ${states.length} states`);
  return answer;
}

/** Sends all requests of a large delta but the last, as a process that dies would. */
async function staged(settings: NeptuneSettings, store: GraphStore): Promise<string> {
  const { applyPlan } = await import('../../src/stores/graph/neptune/apply-requests.ts');
  const { client } = await openNeptune(settings);
  const delta = { put: rows(60, 3), remove: [] };
  const requests = applyPlan(settings.estate, 3, delta, { hash: 'h3', by: 'dead' }).stages.flat(2);
  for (const request of requests) await client.gremlin(request);
  must((await store.head()) === 2 && (await store.load(2)).length === 10, 'the staged rows show');
  must((await store.apply(3, delta, 'h3')) === 'applied', 'the next process could not finish it');
  must((await store.load(3)).length === 60, 'the finished version holds other rows');
  return `${requests.length} requests staged, then finished`;
}

async function sizes(store: GraphStore): Promise<string> {
  const times: string[] = [];
  for (const [version, count] of [
    [4, 20],
    [5, 400],
  ] as const) {
    const start = performance.now();
    await store.apply(version, { put: rows(count, version), remove: [] }, `h${version}`);
    times.push(`${count} rows in ${Math.round(performance.now() - start)} ms`);
  }
  return times.join(', ');
}

async function hostile(store: GraphStore): Promise<string> {
  const { hostileTexts } = await import('../../src/stores/graph/hostile-texts.ts');
  const put = hostileTexts.map((name) => makeRow('finding', name, { name }, { name }));
  await store.apply(6, { put, remove: [] }, 'h6');
  const loaded = new Map((await store.load(6)).map((row) => [row.key, row]));
  for (const row of put) must(isDeepStrictEqual(loaded.get(row.key), row), `lost ${JSON.stringify(row.key)}`);
  return `${put.length} texts`;
}

async function replicas(settings: NeptuneSettings, store: GraphStore): Promise<string> {
  if (settings.readerEndpoint === undefined) return 'no reader endpoint given: not checked';
  for (let version = 7; version < 17; version += 1) {
    await store.apply(version, { put: rows(50, version), remove: [] }, `h${version}`);
    const values = new Set(
      (await store.load(version)).filter((row) => row.key.match(/vpc\/\d$/)).map((row) => row.value),
    );
    must(values.size === 1, `v${version} was read as a mixture`);
  }
  return 'ten versions read right after they were written';
}

async function cleared(client: NeptuneClient, store: GraphStore, estate: string, vertex: string): Promise<string> {
  await store.forgetBefore(await store.head());
  await store.clear();
  await client.gremlin(`g.V(${vertex}).drop()`);
  const [left] = await client.gremlin(`g.V().has('estate',${text(estate)}).count()`);
  must(left === 0, `${left} vertices are left`);
  return 'nothing left';
}
