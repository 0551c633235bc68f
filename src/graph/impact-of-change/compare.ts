import type { ComponentId } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { Finding } from '../../model/finding.ts';
import { severalDeployments } from '../deployments.ts';
import type { Onward, Published } from '../operations/carrying.ts';
import { diffFindings } from '../operations/diff.ts';
import {
  type Affected,
  type BlindSpot,
  describeAffected,
  type ImpactStart,
  impact,
  ofTheEstate,
} from '../operations/impact.ts';
import type { UnreadGroup } from '../unread.ts';
import { classify, type Idle, type Verdict } from './classify.ts';
import { type Concerned, deploymentsReached } from './concerned.ts';
import { type ContractChange, type ContractOptions, contractChanges } from './contract-changes.ts';
import type { StateTools } from './copy-commands.ts';
import { type LostReader, lostReaders } from './lost-readers.ts';
import type { RangeEnd } from './range-end.ts';
import type { SameCode } from './same-module.ts';
import { keepsKnownState, type StateChanges, stateChanges } from './state-changes.ts';
import { type RangeReaders, touchedBetween } from './touched.ts';
import { type VariableChanges, variableChanges } from './variable-changes.ts';

export interface CompareOptions extends ContractOptions {
  /** The changed files and who reads them; without, every read-set is compared. */
  readonly readers?: RangeReaders;
  /** Ids before → after, for components that moved. */
  readonly renames?: ReadonlyMap<ComponentId, ComponentId>;
  /** What could not be proved about the later graph. */
  readonly blindSpots?: readonly BlindSpot[];
  /** What is doubtful about a changed file that nobody reads; nothing where it is harmless. */
  readonly unreadBlindSpots?: (file: string) => readonly BlindSpot[];
  /** Folders whose content changed and is not at hand: submodules that moved and were not fetched. */
  readonly unfetched?: readonly string[];
  readonly tools?: StateTools;
  /** Tells files of a module that differ in what they say from those that differ in comments only. */
  readonly sameCode?: SameCode;
  /** Tells code that may put the folder that it lies in into a value, so that a move changes it. */
  readonly namesItsPlace?: (files: readonly string[]) => boolean;
  /** Tells a file that differs in comments only, as code. */
  readonly saysTheSame?: (file: string) => boolean;
  /** Tells a configuration of units that differs in nothing they evaluate; of all files that were read with it. */
  readonly sameUnitCode?: (file: string, together: readonly string[]) => boolean;
  /** Tells values that a component is given and that mean nothing to its module. */
  readonly idle?: Idle;
  /** What a component that changed may publish anew; undefined where nobody can tell. */
  readonly publishedBy?: (verdict: Verdict) => Published | undefined;
  /** What a component that a change comes to publishes anew. */
  readonly onward?: Onward;
}

export interface AffectedByRange extends Affected {
  readonly environment: string;
  readonly account?: string;
  readonly owner?: string;
  /** Of several deployments, those that the change comes to. */
  readonly deployments?: readonly string[];
}

/** What a range of revisions does to an estate. Every list is sorted. */
export interface Comparison {
  readonly files: { readonly changed: number; readonly unread: readonly string[] };
  /** How many components read a changed file, at either end. */
  readonly readers: number;
  readonly added: readonly ComponentId[];
  readonly removed: readonly ComponentId[];
  /** Components that stand elsewhere now, whatever else became of them. */
  readonly moved: readonly { readonly was: ComponentId; readonly id: ComponentId }[];
  readonly changed: readonly Verdict[];
  /** Counts as changed. */
  readonly undecided: readonly Verdict[];
  /** Proved. */
  readonly identical: readonly ComponentId[];
  /** Proven, beyond those that changed themselves; nearest first. */
  readonly affected: readonly AffectedByRange[];
  readonly possible: readonly ComponentId[];
  readonly orderOnly: readonly ComponentId[];
  readonly blindSpots: readonly BlindSpot[];
  /** What was not looked into, told once; assumptions of `karma.yaml` included. */
  readonly unread: readonly UnreadGroup[];
  readonly complete: boolean;
  readonly contracts: readonly ContractChange[];
  readonly states: StateChanges;
  readonly variables: VariableChanges;
  readonly findingsNew: readonly Finding[];
  readonly findingsGone: readonly Finding[];
}

/**
 * Compares two ends of a range as evaluated: what really changes, what provably does not, what nobody can tell, and who
 * follows from it. Undecided counts as changed. O(what the changed files touch + what is reached).
 */
export function compareEnds(before: RangeEnd, after: RangeEnd, options: CompareOptions = {}): Comparison {
  const renames = options.renames ?? new Map<ComponentId, ComponentId>();
  const touched = touchedBetween(before, after, renames, options.readers);
  // Where nobody can tell whose state a moved component keeps now, who reads it may read another.
  const known = [...renames].filter(([was, id]) => keepsKnownState(before, was) && keepsKnownState(after, id));
  const asked = {
    ...(options.idle === undefined ? {} : { idle: options.idle }),
    ...(options.namesItsPlace === undefined ? {} : { namesItsPlace: options.namesItsPlace }),
    ...(options.saysTheSame === undefined ? {} : { saysTheSame: options.saysTheSame }),
    ...(options.sameUnitCode === undefined ? {} : { sameUnitCode: options.sameUnitCode }),
    renames: new Map(known),
    ...(options.sameCode === undefined ? {} : { sameCode: options.sameCode }),
    ...(options.unfetched === undefined ? {} : { unfetched: options.unfetched }),
  };
  const verdicts = touched.pairs.map((pair) => classify(before, after, pair, asked));
  const of = (is: Verdict['is']): Verdict[] => verdicts.filter((verdict) => verdict.is === is);
  const [changed, undecided] = [of('changed'), of('undecided')];
  const moving = new Map([...changed, ...undecided].map((one) => [one.id, options.publishedBy?.(one)] as const));
  for (const id of touched.added) moving.set(id, undefined);
  const { findingsNew, findingsGone } = diffFindings(before.graph, after.graph, { renames });
  return {
    files: { changed: options.readers?.changedFiles.length ?? 0, unread: touched.unread },
    readers: touched.readers,
    added: touched.added,
    removed: touched.removed,
    moved: touched.pairs.filter(({ id, was }) => id !== was).map(({ id, was }) => ({ was, id })),
    changed,
    undecided,
    identical: of('identical').map(({ id }) => id),
    ...whoFollows(before, after, moving, touched.removed, {
      onward: options.onward,
      lost: lostReaders(before, after, [...changed, ...undecided], renames),
      concerned: new Map([...changed, ...undecided].map(({ id, deployments }) => [id, deployments])),
      estate: options.blindSpots ?? [],
      change: [
        ...openReadsOf(undecided, before, after),
        ...unfetchedBlindSpots(options.unfetched ?? []),
        ...doubtful(touched.unread, options.readers?.changedFiles)
          .filter((file) => !options.unfetched?.includes(file))
          .flatMap(options.unreadBlindSpots ?? noBlindSpots),
      ],
    }),
    contracts: contractChanges(before, after, touched.pairs, options),
    states: stateChanges(before, after, touched.pairs, touched, options.tools),
    variables: variableChanges(before, after, touched.pairs),
    findingsNew,
    findingsGone,
  };
}

/** What of files is not known where that leaves a component undecided: then nobody can say what it reads. */
function openReadsOf(undecided: readonly Verdict[], before: RangeEnd, after: RangeEnd): BlindSpot[] {
  return undecided.flatMap(({ id, was = id }) => {
    const spots = [...(after.claim(id)?.blindSpots ?? []), ...(before.claim(was)?.blindSpots ?? [])];
    const open = spots.filter(({ code }) => code === 'file-in-part' || code === 'file-unknown');
    const places = new Map(
      open.map(({ code, evidence }) => [`${code} ${evidence.file} ${evidence.site}`, { code, evidence }]),
    );
    return [...places.values()].map((one) => ({ component: id, ...one }));
  });
}

function noBlindSpots(): readonly BlindSpot[] {
  return [];
}

function unfetchedBlindSpots(folders: readonly string[]): BlindSpot[] {
  const code = 'source-not-read';
  return folders.map((file) => ({ component: ofTheEstate, code, evidence: { rule: code, site: 'submodule', file } }));
}

interface Asked {
  readonly onward: Onward | undefined;
  readonly lost: readonly LostReader[];
  /** Of what changed itself, which of several deployments. */
  readonly concerned: ReadonlyMap<ComponentId, readonly string[] | undefined>;
  /** What could not be proved whatever changes. */
  readonly estate: readonly BlindSpot[];
  /** What could not be proved about the change itself. */
  readonly change: readonly BlindSpot[];
}

/** What nobody reads, and what Git alone does, whoever lists it. */
function doubtful(unread: readonly string[], changed: readonly string[] = []): readonly string[] {
  return [...new Set([...unread, ...changed.filter((file) => /(?:^|\/)\.gitattributes$/.test(file))])];
}

type Followers = Pick<Comparison, 'affected' | 'possible' | 'orderOnly' | 'blindSpots' | 'unread' | 'complete'>;

/** Affected in the later graph; and, in the earlier one, by what is gone, as far as it is still there. */
function whoFollows(
  before: RangeEnd,
  after: RangeEnd,
  moving: ReadonlyMap<ComponentId, Published | undefined>,
  removed: readonly ComponentId[],
  { estate, change, onward, concerned, lost }: Asked,
): Followers {
  const { graph } = after;
  const starts = [...moving.keys()];
  const nodes = (end: RangeEnd, ids: readonly ComponentId[]): ImpactStart[] =>
    ids.flatMap((id) => {
      const node = end.graph.node(id);
      const published = end === after ? moving.get(id) : undefined;
      return node === undefined ? [] : [{ node, ...(published === undefined ? {} : { published }) }];
    });
  // Where nothing changed nothing can spread, unless the change itself is in doubt or nothing is known at all.
  const spreads = starts.length + removed.length + change.length > 0;
  const bearing = spreads ? estate : estate.filter(({ code }) => code === 'nothing-recognised');
  const found = impact(graph, nodes(after, starts), {
    blindSpots: [...change, ...bearing],
    ...(onward === undefined ? {} : { onward }),
  });
  const affected = new Map<ComponentId, Affected>();
  for (const node of found.affected.nodes) affected.set(graph.id(node), describeAffected(graph, found, node));
  const gone = impact(before.graph, nodes(before, removed));
  const own = new Set(starts);
  for (const node of gone.affected.nodes) {
    const one = describeAffected(before.graph, gone, node);
    if (graph.node(one.id) !== undefined && !own.has(one.id) && !affected.has(one.id)) affected.set(one.id, one);
  }
  const without = lost.filter(({ id }) => !own.has(id) && !affected.has(id));
  if (without.length > 0) {
    const read = impact(
      before.graph,
      [...new Set(without.map(({ provider }) => provider))].map((node) => ({ node })),
    );
    for (const { id, node } of without) affected.set(id, { ...describeAffected(before.graph, read, node), id });
    const onwards = impact(
      graph,
      nodes(
        after,
        without.map(({ id }) => id),
      ),
    );
    for (const node of onwards.affected.nodes) {
      const one = describeAffected(graph, onwards, node);
      if (!own.has(one.id) && !affected.has(one.id)) affected.set(one.id, one);
    }
  }
  const ids = (list: Iterable<number>): ComponentId[] =>
    [...list].map((node) => graph.id(node)).filter((id) => !affected.has(id));
  const begun = new Map(starts.map((id) => [id, concerned.get(id)]));
  // Of who read it before and finds it no more, the earlier end alone knows which deployment that was.
  const reached = [after, before].map((end) => deploymentsReached(end, begun, new Set(affected.keys())));
  return {
    affected: [...affected.values()]
      .sort((a, b) => a.distance - b.distance || byCodeUnit(a.id, b.id))
      .map((one) => ({ ...one, ...whereabouts(after, one.id), ...deploymentsOf(after, one.id, reached) })),
    possible: ids(found.possible),
    orderOnly: ids(found.orderOnly),
    blindSpots: found.blindSpots,
    unread: found.unread,
    complete: found.complete,
  };
}

function deploymentsOf(
  { graph }: RangeEnd,
  id: ComponentId,
  reached: readonly Concerned[],
): Pick<AffectedByRange, 'deployments'> {
  const node = graph.node(id);
  const several = node === undefined ? [] : severalDeployments(graph.component(node));
  if (several.length === 0) return {};
  const some = several.filter((name) => reached.some((found) => found.get(id)?.includes(name) === true));
  return { deployments: some.length === 0 ? several : some };
}

function whereabouts({ graph }: RangeEnd, id: ComponentId): Pick<AffectedByRange, 'environment' | 'account' | 'owner'> {
  const node = graph.node(id);
  if (node === undefined) return { environment: '' };
  const { environment, attributes } = graph.component(node);
  return {
    environment,
    ...(attributes.account === undefined ? {} : { account: attributes.account }),
    ...(attributes.owner === undefined ? {} : { owner: attributes.owner }),
  };
}
