import type { RangeEnd } from '../../graph/impact-of-change/range-end.ts';
import { loadGrammar } from '../../hcl/parse.ts';
import type { ComponentId } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { FileView } from '../../model/file-view.ts';
import type { EngineContext } from '../context.ts';
import { claimsOf } from '../view/load-view.ts';
import type { LoadedView } from '../view/view.ts';
import { type Content, contentOf, likeness } from './component-content.ts';
import { endOf } from './end-of.ts';

/** One end of a range with its files. */
export interface FilesEnd {
  readonly end: RangeEnd;
  readonly view: FileView;
}

interface GraphEnd {
  readonly end: Pick<RangeEnd, 'graph'>;
}

interface Candidate {
  readonly id: ComponentId;
  readonly environment: string;
  readonly path: string;
  readonly content: Content;
  readonly states: readonly string[];
}

/** Beyond so many pairs of one name only equal contents are followed. */
const mostPairs = 20_000;
const alike = 1 / 2;

/**
 * Components that moved: one that is gone and one that is new are the same where they keep one state, where they say the same,
 * or where they are called the same and say mostly the same. A single equal file says nothing: every root of an estate may
 * hold it. Where several could be the one, none is. Ids before → after. Needs `await loadGrammar()` once before.
 */
export function renamesIn(before: FilesEnd, after: FilesEnd): ReadonlyMap<ComponentId, ComponentId> {
  const renames = new Map<ComponentId, ComponentId>();
  for (const [layout, gone] of onlyIn(before.end, after.end)) {
    const fresh = onlyIn(after.end, before.end).get(layout);
    if (fresh === undefined) continue;
    const environments = environmentsOf(before.end, after.end);
    const old = gone.map((id) => candidate(before, id));
    const now = fresh.map((id) => candidate(after, id));
    const open = () =>
      [old.filter(({ id }) => !renames.has(id)), now.filter(({ id }) => ![...renames.values()].includes(id))] as const;
    for (const grouping of [byState, byContent, byName]) {
      const [was, is] = open();
      for (const [id, to] of matched(grouping(was, is, environments))) renames.set(id, to);
    }
  }
  return renames;
}

/** The same where both ends are at hand as files. */
export async function renamesBetween(
  context: EngineContext,
  before: LoadedView,
  after: LoadedView,
): Promise<ReadonlyMap<ComponentId, ComponentId>> {
  if (before.estate === undefined || after.estate === undefined) return new Map();
  const graphs = { before: { graph: before.graph }, after: { graph: after.graph } };
  if (!mayHaveMoved({ end: graphs.before }, { end: graphs.after })) return new Map();
  const claims = await claimsOf(context);
  await loadGrammar();
  return renamesIn(
    { end: endOf(before.estate, before, claims).end, view: before.estate.view.main },
    { end: endOf(after.estate, after, claims).end, view: after.estate.view.main },
  );
}

/** Whether anything can have moved, so that contents must be compared. */
export function mayHaveMoved({ end: before }: GraphEnd, { end: after }: GraphEnd): boolean {
  const fresh = onlyIn(after, before);
  return [...onlyIn(before, after).keys()].some((layout) => fresh.has(layout));
}

/** Managed components of one end that the other does not have, by layout. */
function onlyIn({ graph }: GraphEnd['end'], other: GraphEnd['end']): ReadonlyMap<string, readonly ComponentId[]> {
  const found = new Map<string, ComponentId[]>();
  for (let node = 0; node < graph.size; node++) {
    const { path, external, layout, kind } = graph.head(node);
    const id = graph.id(node);
    if (external || kind !== 'component' || path === '' || other.graph.node(id) !== undefined) continue;
    found.set(layout, [...(found.get(layout) ?? []), id]);
  }
  return found;
}

function candidate({ end, view }: FilesEnd, id: ComponentId): Candidate {
  const { environment, path } = end.graph.head(end.graph.node(id) ?? -1);
  const provides = end.claim(id)?.provides ?? [];
  const states = provides.flatMap(({ key, exclusive }) =>
    exclusive === true && key.startsWith('state:') ? [key] : [],
  );
  return { id, environment, path, content: contentOf(end, view, id), states };
}

/** Environments that are at both ends: what leaves one of those for another is another thing. */
function environmentsOf(before: RangeEnd, after: RangeEnd): ReadonlySet<string> {
  const named = ({ graph }: RangeEnd) =>
    new Set(Array.from({ length: graph.size }, (_, node) => graph.head(node).environment));
  const [was, is] = [named(before), named(after)];
  return new Set([...was].filter((name) => name !== '' && is.has(name)));
}

interface Pairing {
  readonly was: Candidate;
  readonly is: Candidate;
  /** Of several the highest counts. */
  readonly rank: readonly number[];
}

type Grouping = (
  was: readonly Candidate[],
  is: readonly Candidate[],
  environments: ReadonlySet<string>,
) => readonly Pairing[];

const byState: Grouping = (was, is) => {
  const keepers = new Map(is.flatMap((one) => one.states.map((state) => [state, one] as const)));
  return was.flatMap((old) => {
    const now = old.states.map((state) => keepers.get(state)).find((one) => one !== undefined);
    return now === undefined ? [] : [{ was: old, is: now, rank: [1] }];
  });
};

const byContent: Grouping = (was, is, environments) => {
  const contents = Map.groupBy(is, said);
  return was.flatMap((old) => {
    if (old.content.statements.size === 0) return [];
    return (contents.get(said(old)) ?? [])
      .filter((now) => mayBe(old, now, environments))
      .map((now) => ({ was: old, is: now, rank: [stepsShared(old.path, now.path)] }));
  });
};

const byName: Grouping = (was, is, environments) => {
  const names = Map.groupBy(is, ({ path }) => lastStep(path));
  const pairs = was.flatMap((old) =>
    (names.get(lastStep(old.path)) ?? []).filter((now) => mayBe(old, now, environments)).map((now) => ({ old, now })),
  );
  if (pairs.length > mostPairs) return [];
  return pairs.flatMap(({ old, now }) => {
    const things = likeness(old.content.things, now.content.things);
    const statements = likeness(old.content.statements, now.content.statements);
    if (things < alike || statements < alike) return [];
    return [{ was: old, is: now, rank: [stepsShared(old.path, now.path), things, statements] }];
  });
};

function mayBe(old: Candidate, now: Candidate, environments: ReadonlySet<string>): boolean {
  const [was, is] = [old.environment, now.environment];
  return was === is || was === '' || is === '' || !(environments.has(was) || environments.has(is));
}

/** Pairs of which each side has no better and no equal partner. */
function matched(pairings: readonly Pairing[]): (readonly [ComponentId, ComponentId])[] {
  const best = (of: (pairing: Pairing) => ComponentId): ReadonlySet<Pairing> =>
    new Set(
      [...Map.groupBy(pairings, of).values()].flatMap((list) => {
        const [first, second] = [...list].sort((a, b) => compareRanks(b.rank, a.rank));
        const isAlone = first !== undefined && (second === undefined || compareRanks(first.rank, second.rank) > 0);
        return isAlone ? [first] : [];
      }),
    );
  const [forOld, forNow] = [best(({ was }) => was.id), best(({ is }) => is.id)];
  return [...forOld]
    .filter((pairing) => forNow.has(pairing))
    .map(({ was, is }) => [was.id, is.id] as const)
    .sort(([a], [b]) => byCodeUnit(a, b));
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [place, rank] of a.entries()) {
    const difference = rank - (b[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function said({ content }: Candidate): string {
  return [...content.things, '', ...content.statements].sort(byCodeUnit).join('\n');
}

function lastStep(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `2` for `old/eu/vpc` and `new/eu/vpc`. */
function stepsShared(a: string, b: string): number {
  const [one, other] = [a.split('/').reverse(), b.split('/').reverse()];
  let shared = 0;
  while (shared < one.length && one[shared] === other[shared]) shared += 1;
  return shared;
}
