import { gzipSync } from 'node:zlib';
import type { EngineContext } from '../../engine/context.ts';
import { askUntyped, verbNamed } from '../../engine/verbs/table.ts';
import { newestPublished } from '../../engine/versions/newest.ts';
import { KarmaError } from '../../model/errors.ts';
import { queryOf } from '../api/query-of.ts';
import { routeFor } from '../api/routes.ts';
import { documentOf } from '../document.ts';
import {
  changeQuestions,
  componentQuestions,
  fewComponents,
  fixedQuestions,
  groupings,
  mostChanges,
  questionName,
} from './questions.ts';

/** What a page finds answers by. */
export interface SnapshotIndex {
  readonly schemaVersion: 1;
  readonly karma: string;
  /** As of when: `v43`, a revision, or `worktree`. */
  readonly at: string;
  /** Every component and parameter, sorted. */
  readonly ids: readonly string[];
  /** Question → pack and place in it. */
  readonly answers: Readonly<Record<string, readonly [pack: number, place: number]>>;
  /** Questions of one component: its place in `ids`, divided by the size of a pack, from the first pack on. */
  readonly components: readonly {
    readonly path: string;
    readonly parameter: string;
    readonly firstPack: number;
    readonly packSize: number;
  }[];
  /** What a component was asked to tell of what it depends on: `/v1/why?from=…&to=…`; packs hold an object by `to`. */
  readonly why: { readonly firstPack: number; readonly packSize: number };
}

export interface Snapshot {
  readonly index: SnapshotIndex;
  /** By number; gzip of a JSON array. */
  readonly packs: readonly Uint8Array[];
}

const packSize = 50;

/** The answers of the read routes at one moment, as the service would give them. */
export async function takeSnapshot(context: EngineContext, at: string | undefined): Promise<Snapshot> {
  const newest = at === undefined ? await newestPublished(context) : undefined;
  const asker = new Asker(context, at ?? (newest === undefined ? undefined : `v${newest.version}`));
  const packs: Uint8Array[] = [];
  const keep = (answers: readonly unknown[]): number => packs.push(gzipSync(JSON.stringify(answers), { level: 9 })) - 1;
  const answers: Record<string, readonly [number, number]> = {};
  const known = new Map<string, number>();
  for (const question of [...fixedQuestions, ...(await pictureQuestions(asker)), ...(await changesQuestions(asker))]) {
    const answer = await asker.ask(question);
    if (answer === undefined) continue;
    // Two questions may have one answer: a grouping that is asked for, and that is taken anyway.
    const text = JSON.stringify(answer);
    const pack = known.get(text) ?? keep([answer]);
    known.set(text, pack);
    answers[question] = [pack, 0];
  }
  const ids = await asker.ids();
  const components = [];
  const dependencies: string[][] = [];
  for (const { path, parameter } of componentQuestions) {
    const firstPack = packs.length;
    for (let first = 0; first < ids.length; first += packSize) {
      const some: unknown[] = [];
      for (const id of ids.slice(first, first + packSize)) {
        const answer = (await asker.ask(questionName(path, new URLSearchParams([[parameter, id]])))) ?? null;
        some.push(answer);
        if (path === '/v1/component') dependencies.push(dependenciesIn(answer));
      }
      keep(some);
    }
    components.push({ path, parameter, firstPack, packSize });
  }
  const why = { firstPack: packs.length, packSize };
  for (let first = 0; first < ids.length; first += packSize) {
    const some: unknown[] = [];
    for (let place = first; place < Math.min(ids.length, first + packSize); place++)
      some.push(await whys(asker, ids[place] ?? '', dependencies[place] ?? []));
    keep(some);
  }
  return {
    index: { schemaVersion: 1, karma: context.version, at: asker.at ?? 'worktree', ids, answers, components, why },
    packs,
  };
}

/** Asks as the service does, by the same routes. */
class Asker {
  readonly #context: EngineContext;
  readonly at: string | undefined;

  constructor(context: EngineContext, at: string | undefined) {
    this.#context = { ...context, residentViews: new Map() };
    this.at = at;
  }

  /** Undefined for what cannot be told of this estate at this moment: a page says so. */
  async ask(question: string): Promise<unknown> {
    const { pathname, searchParams } = new URL(question, 'http://snapshot');
    const route = routeFor('GET', decodeURIComponent(pathname), searchParams);
    if (route === undefined) return undefined;
    const verb = await verbNamed(route.verb);
    const query = queryOf(verb.query, route.from?.(searchParams) ?? searchParams);
    if (this.at !== undefined && Object.hasOwn(verb.query.fields, 'at')) query['at'] = this.at;
    try {
      const answer = await askUntyped(this.#context, route.verb, query);
      return JSON.parse(documentOf(answer, { schemaVersion: verb.schemaVersion })) as unknown;
    } catch (error) {
      if (error instanceof KarmaError) return undefined;
      throw error;
    }
  }

  async ids(): Promise<string[]> {
    const { components = [] } = ((await this.ask('/v1/components')) ?? {}) as { components?: { id: string }[] };
    return components.map(({ id }) => id).sort();
  }
}

/** The whole picture under each grouping; of those that are shown first, with each group open. */
async function pictureQuestions(asker: Asker): Promise<string[]> {
  const questions = [];
  const few = (await asker.ids()).length <= fewComponents;
  for (const groupBy of [...groupings, ...(few ? ['none'] : [])]) {
    const parameters = new URLSearchParams(groupBy === undefined ? [] : [['groupBy', groupBy]]);
    const question = questionName('/v1/graph', parameters);
    questions.push(question);
    const { boxes = [] } = ((await asker.ask(question)) ?? {}) as { boxes?: { id: string; shape: string }[] };
    for (const { id } of groupBy !== undefined && groupBy !== 'type'
      ? []
      : boxes.filter(({ shape }) => shape === 'group'))
      questions.push(questionName('/v1/graph', new URLSearchParams([...parameters, ['open', id]])));
    if (groupBy !== undefined && groupBy !== 'none')
      questions.push(questionName('/v1/map', new URLSearchParams([['groupBy', groupBy]])));
  }
  return questions;
}

async function changesQuestions(asker: Asker): Promise<string[]> {
  const { changes = [] } = ((await asker.ask('/v1/changes?all=true')) ?? {}) as { changes?: { id: string }[] };
  return changes
    .slice(0, mostChanges)
    .flatMap(({ id }) => changeQuestions.map((path) => questionName(path, new URLSearchParams([['id', id]]))));
}

function dependenciesIn(answer: unknown): string[] {
  const { dependsOn = [] } = (answer ?? {}) as { dependsOn?: { id: string }[] };
  return dependsOn.map(({ id }) => id);
}

async function whys(asker: Asker, from: string, to: readonly string[]): Promise<object> {
  const told: (readonly [string, unknown])[] = [];
  for (const end of to) {
    if (end === from) continue;
    const parameters = new URLSearchParams([
      ['from', from],
      ['to', end],
    ]);
    told.push([end, (await asker.ask(questionName('/v1/why', parameters))) ?? null]);
  }
  return Object.fromEntries(told);
}
