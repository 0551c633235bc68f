import { count, flag, object, texts } from '../../config/shape-parts.ts';
import type { ValueOf } from '../../config/shape-value.ts';
import { severalDeployments } from '../../graph/deployments.ts';
import type { Graph } from '../../graph/graph.ts';
import { type FoundBy, find, findAllBy, splitOutputs } from '../../graph/operations/find.ts';
import {
  type Affected,
  type BlindSpot,
  describeAffected,
  type Impact,
  type ImpactStart,
  impact as impactOf,
} from '../../graph/operations/impact.ts';
import { mustHaveOutputs } from '../../graph/operations/outputs.ts';
import type { UnreadGroup } from '../../graph/unread.ts';
import type { ComponentId } from '../../model/component.ts';
import { KarmaError } from '../../model/errors.ts';
import { affectedJson } from '../../report/impact/affected-json.ts';
import type { EngineContext } from '../context.ts';
import { cursor, limit, type Paged, type PageQuery, pageOf, viewToPage } from '../paging.ts';
import { selectNodes } from '../view/select.ts';
import {
  type LoadedView,
  readersOf,
  stampOf,
  type ViewStamp,
  viewBlindSpots,
  workingDirectoryOf,
} from '../view/view.ts';
import { at, defineVerb, mustBeFew, select, type VerbCall, type WrittenAnswer } from './verb.ts';

export { possibleLines } from '../../graph/impact-of-change/possible.ts';

export interface ImpactQuery extends PageQuery {
  readonly at?: string;
  /** Components, `component#/output`, files, module folders, `git::` sources, parameters. */
  readonly targets: readonly string[];
  readonly selection: readonly string[];
  readonly forward: boolean;
  readonly depth?: number;
}

export interface AffectedComponent extends Affected {
  readonly environment: string;
  /** Of a component that has several. */
  readonly deployments?: readonly string[];
  readonly account?: string;
  readonly owner?: string;
}

export interface ImpactTarget {
  readonly id: ComponentId;
  readonly outputs: readonly string[];
  /** What was named, where it was no component: a file that this one reads, its module or folder. */
  readonly as?: string;
  readonly by?: Exclude<FoundBy, 'id' | 'suffix'>;
}

/** What is counted are those that are affected. */
export interface ImpactAnswer extends Paged {
  readonly view: ViewStamp;
  readonly targets: readonly ImpactTarget[];
  /** Proven, nearest first. */
  readonly affected: readonly AffectedComponent[];
  /** Reached only through something that could not be proved. */
  readonly possible: readonly ComponentId[];
  /** They run later; no change reaches them. */
  readonly orderOnly: readonly ComponentId[];
  readonly blindSpots: readonly BlindSpot[];
  /** What was not looked into, told once; assumptions of `karma.yaml` included. */
  readonly unread: readonly UnreadGroup[];
  /** False: this answer is not proved to be all. */
  readonly complete: boolean;
}

export async function impact(context: EngineContext, query: ImpactQuery, call: VerbCall = {}): Promise<ImpactAnswer> {
  const { view, starts } = await viewAndStarts(context, query);
  return impactIn(view, starts, query, call);
}

/** The same for starts that are known already. */
export function impactIn(
  view: LoadedView,
  starts: readonly NamedStart[],
  query: Pick<ImpactQuery, 'forward' | 'depth'> & PageQuery,
  call: VerbCall = {},
): ImpactAnswer {
  const worked = workedOut(view, starts, query);
  mustBeFew(worked.nodes.length, call);
  return answerOf(worked, described(worked));
}

/** The same, with those who are affected written already where nothing of it is to be hidden. */
export function writtenImpactIn(
  view: LoadedView,
  starts: readonly NamedStart[],
  query: Pick<ImpactQuery, 'forward' | 'depth'> & PageQuery,
  call: VerbCall = {},
): WrittenAnswer<ImpactAnswer> {
  const worked = workedOut(view, starts, query);
  const { nodes, found } = worked;
  mustBeFew(nodes.length, { most: call.mostWritten });
  const affected = affectedJson(view.graph, found, nodes);
  if (affected !== undefined) return { answer: answerOf(worked, []), lists: { affected } };
  mustBeFew(nodes.length, call);
  return { answer: answerOf(worked, described(worked)), lists: {} };
}

async function viewAndStarts(context: EngineContext, query: ImpactQuery) {
  const view = await viewToPage(context, query);
  const starts = startsOf(context, view, query.targets);
  return { view, starts: [...starts, ...(await selectedStarts(context, view, query.selection))] };
}

interface Worked {
  readonly view: LoadedView;
  readonly starts: readonly NamedStart[];
  readonly found: Impact;
  /** Those of this page. */
  readonly nodes: readonly number[];
  readonly paged: Paged;
}

function workedOut(
  view: LoadedView,
  starts: readonly NamedStart[],
  { forward, depth, ...page }: Pick<ImpactQuery, 'forward' | 'depth'> & PageQuery,
): Worked {
  const found = impactOf(view.graph, starts, {
    direction: forward ? 'dependencies' : 'dependents',
    blindSpots: viewBlindSpots(view),
    ...(depth === undefined ? {} : { depth }),
  });
  const { items, paged } = pageOf([...found.affected.nodes], view, page);
  return { view, starts, found, nodes: items, paged };
}

function described({ view: { graph }, found, nodes }: Worked): readonly AffectedComponent[] {
  return nodes.map((node): AffectedComponent => {
    const { environment, account, owner } = graph.head(node);
    return {
      ...describeAffected(graph, found, node),
      environment,
      ...deploymentsShown(graph, node),
      ...(account === undefined ? {} : { account }),
      ...(owner === undefined ? {} : { owner }),
    };
  });
}

function answerOf({ view, starts, found, paged }: Worked, affected: readonly AffectedComponent[]): ImpactAnswer {
  const { graph } = view;
  return {
    view: stampOf(view),
    targets: starts.map(({ node, outputs = [], named }) => ({ id: graph.id(node), outputs, ...named })),
    affected,
    possible: [...found.possible].map((node) => graph.id(node)),
    orderOnly: [...found.orderOnly].map((node) => graph.id(node)),
    blindSpots: found.blindSpots,
    unread: found.unread,
    complete: found.complete,
    ...paged,
  };
}

interface NamedStart extends ImpactStart {
  readonly named?: Pick<ImpactTarget, 'as' | 'by'>;
}

function deploymentsShown(graph: Graph, node: number): Pick<AffectedComponent, 'deployments'> {
  const several = severalDeployments(graph.component(node));
  return several.length === 0 ? {} : { deployments: several };
}

/** What is named, as starts of an impact in a view. */
export function startsOf(context: EngineContext, view: LoadedView, targets: readonly string[]): NamedStart[] {
  const options = { workingDirectory: workingDirectoryOf(view), readersOf: readersOf(view) };
  const { graph } = view;
  return targets.flatMap((target, index) => {
    const { component, outputs } = splitOutputs(graph, target, options);
    const before = targets[index - 1];
    if (before !== undefined && target.startsWith('/') && !find(graph, component, options).found)
      throw new KarmaError('KARMA_NOT_FOUND', `no component is called '${target}'`, {
        hint: `write an output behind its component: \`${before}#${target}\``,
      });
    const { nodes, by } = findAllBy(graph, component, options);
    for (const node of nodes)
      for (const pointer of mustHaveOutputs(graph, node, outputs))
        context.report({
          kind: 'note',
          text: `which outputs ${graph.id(node)} has cannot be told; nobody is known to read ${pointer}`,
        });
    const named = by === 'id' || by === 'suffix' || by === 'parameter' ? {} : { named: { as: component, by } };
    return nodes.map((node) => ({ node, ...(outputs.length === 0 ? {} : { outputs }), ...named }));
  });
}

async function selectedStarts(
  context: EngineContext,
  view: LoadedView,
  selection: readonly string[],
): Promise<NamedStart[]> {
  if (selection.length === 0) return [];
  return (await selectNodes(context, view, selection)).map((node) => ({ node }));
}

const impactQuery = object('What changes.', {
  of: texts('Components, `component#/output`, files, module folders, sources, parameters.'),
  select,
  forward: flag('The other way: what it depends on.'),
  depth: count('At most so many steps away.', 1, 1000),
  at,
  limit,
  cursor,
});

export const impactVerb = defineVerb({
  about: 'Who is affected when something changes, who possibly, and what is not proved.',
  query: impactQuery,
  writes: 'nothing',
  isSmall: true,
  run: (context, query, call) => impact(context, asked(query), call),
  written: async (context, query, call) => {
    const known = asked(query);
    const { view, starts } = await viewAndStarts(context, known);
    return writtenImpactIn(view, starts, known, call);
  },
});

function asked({
  of = [],
  select: selection = [],
  forward = false,
  depth,
  at: when,
  ...page
}: ValueOf<typeof impactQuery>): ImpactQuery {
  return {
    targets: of,
    selection,
    forward,
    ...page,
    ...(depth === undefined ? {} : { depth }),
    ...(when === undefined ? {} : { at: when }),
  };
}
