import { questionName } from '../../../src/faces/site/questions.ts';
import type { SnapshotIndex } from '../../../src/faces/site/snapshot.ts';
import type { Answers } from './answers.ts';
import { ProblemError } from './problem.ts';
import { type Question, searchOf, type Transport } from './transport.ts';

/** Where the index of the snapshot lies that a static site answers from; undefined where a service answers. */
export function snapshotOfPage(): string | undefined {
  return document.querySelector<HTMLMetaElement>('meta[name="karma-snapshot"]')?.content;
}

/** What reads a pack by its number. */
export type ReadPack = (pack: number) => Promise<unknown>;

/** Answers what the service would, as of the moment of the snapshot; of what is not in it the page says so. */
export function fromSnapshot(address: string): Transport {
  const folder = address.slice(0, address.lastIndexOf('/') + 1);
  const packs = new Map<number, Promise<unknown>>();
  const read: ReadPack = (pack) => {
    const known = packs.get(pack) ?? unpacked(`${folder}answers/${pack}.pack`);
    packs.set(pack, known);
    return known;
  };
  let index: Promise<SnapshotIndex> | undefined;
  return async (path, question) => {
    index ??= fetched(address).then((response) => response.json() as Promise<SnapshotIndex>);
    const answer = await answerIn(await index, read, path, question);
    if (answer === undefined || answer === null) throw notInIt(path);
    return answer;
  };
}

async function fetched(address: string): Promise<Response> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} is not there (${response.status})`);
  return response;
}

async function unpacked(address: string): Promise<unknown> {
  const { body } = await fetched(address);
  if (body === null) throw new Error(`${address} is empty`);
  return new Response(body.pipeThrough(new DecompressionStream('gzip'))).json();
}

/** The answer to one question: kept as it is asked, or one component's place in a pack, or a list that is narrowed here. */
export async function answerIn(
  index: SnapshotIndex,
  read: ReadPack,
  path: string,
  question: Question,
): Promise<unknown> {
  const parameters = new URLSearchParams(searchOf(question));
  const kept = index.answers[questionName(path, parameters)];
  if (kept !== undefined) return placeOf(await read(kept[0]), kept[1]);
  const ofOne = await ofComponent(index, read, path, parameters);
  if (ofOne !== undefined) return ofOne;
  if (path === '/v1/map') return nearestMap(index, read, parameters);
  const whole = wholeLists[path];
  const list = whole === undefined ? undefined : index.answers[whole];
  return list === undefined ? undefined : narrowed(placeOf(await read(list[0]), list[1]), path, parameters);
}

function placeOf(pack: unknown, place: number): unknown {
  return Array.isArray(pack) ? (pack as readonly unknown[])[place] : undefined;
}

async function ofComponent(
  { ids, components, why }: SnapshotIndex,
  read: ReadPack,
  path: string,
  parameters: URLSearchParams,
): Promise<unknown> {
  const told = [...parameters].filter(([name]) => name !== 'at');
  const [from, to] = [parameters.get('from'), parameters.get('to')];
  if (path === '/v1/why' && from !== null && to !== null) {
    const place = ids.indexOf(from);
    if (place < 0) return undefined;
    const found = placeOf(await read(why.firstPack + Math.floor(place / why.packSize)), place % why.packSize);
    return (found as Readonly<Record<string, unknown>> | undefined)?.[to];
  }
  const kind = components.find((one) => one.path === path);
  const [[name, id] = ['', '']] = told;
  if (kind === undefined || told.length !== 1 || name !== kind.parameter) return undefined;
  const place = ids.indexOf(id);
  if (place < 0) return undefined;
  return placeOf(await read(kind.firstPack + Math.floor(place / kind.packSize)), place % kind.packSize);
}

/** The map at the width at hand that is nearest to the one that fits. */
async function nearestMap({ answers }: SnapshotIndex, read: ReadPack, parameters: URLSearchParams): Promise<unknown> {
  const wanted = Number(parameters.get('across') ?? 0);
  const widths = Object.keys(answers).flatMap((name) => Number(/^\/v1\/map\?across=(\d+)$/.exec(name)?.[1] ?? 0) || []);
  const [best] = widths.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted));
  const kept = wanted > 0 && best !== undefined ? answers[`/v1/map?across=${best}`] : undefined;
  return kept === undefined ? undefined : placeOf(await read(kept[0]), kept[1]);
}

/** Lists that are at hand as a whole. */
const wholeLists: Readonly<Record<string, string>> = {
  '/v1/components': '/v1/components',
  '/v1/status': '/v1/status',
  '/v1/log': '/v1/log?limit=200',
  '/v1/runs': '/v1/runs?limit=200',
  '/v1/versions': '/v1/versions?limit=200',
};

/** As far as a list alone tells: by id, environment, type, subject and state. */
function narrowed(answer: unknown, path: string, parameters: URLSearchParams): unknown {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const words = parameters.getAll('select');
  const is = (name: string, value: string | undefined): boolean => [null, value].includes(parameters.get(name));
  switch (path) {
    case '/v1/components': {
      const { components } = answer as Answers['/v1/components'];
      return { ...answer, components: components.filter((one) => words.some((word) => isMeant(one, word))) };
    }
    case '/v1/status': {
      const { components } = answer as Answers['/v1/status'];
      return { ...answer, components: components.filter(({ component }) => words.includes(component)) };
    }
    case '/v1/log': {
      const { events } = answer as Answers['/v1/log'];
      return { ...answer, events: events.filter((one) => is('subject', one.subject) && is('action', one.action)) };
    }
    case '/v1/runs': {
      const { runs } = answer as Answers['/v1/runs'];
      return { ...answer, runs: runs.filter((one) => is('state', one.state) && is('component', one.component)) };
    }
    default:
      return answer;
  }
}

function isMeant(
  { id, kind, environment }: { readonly id: string; readonly kind: string; readonly environment: string },
  word: string,
): boolean {
  const [key, value] = word.split('=');
  if (value === undefined) return id.includes(word);
  if (key === 'env') return environment === value;
  return key === 'type' && kind === value;
}

function notInIt(path: string): ProblemError {
  return new ProblemError({
    code: 'KARMA_NOT_FOUND',
    title: 'not in this snapshot',
    detail: `these pages hold the estate as it was when they were written, and not what ${path} would answer to this`,
    hint: 'the command at the foot of the page answers it, and so does `karma serve`',
    status: 404,
    retryable: false,
  });
}
