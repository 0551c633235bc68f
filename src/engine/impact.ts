import { find, findAll, splitOutputs } from '../graph/operations/find.ts';
import {
  type Affected,
  type Doubt,
  describeAffected,
  type ImpactStart,
  impact as impactOf,
} from '../graph/operations/impact.ts';
import type { UnreadGroup } from '../graph/unread.ts';
import type { ComponentId } from '../model/component.ts';
import { KarmaError } from '../model/errors.ts';
import type { EngineContext } from './context.ts';
import { loadView } from './view/load-view.ts';
import { selectNodes } from './view/select.ts';
import { doubtsIn, type LoadedView, readersOf, stampOf, type ViewStamp, workingDirectoryOf } from './view/view.ts';

export { possibleLines } from '../graph/impact-of-change/possible.ts';

export interface ImpactQuery {
  readonly at?: string;
  /** Components, `component#/output`, files, module folders, `git::` sources, parameters. */
  readonly targets: readonly string[];
  readonly selection: readonly string[];
  readonly forward: boolean;
  readonly depth?: number;
}

export interface AffectedComponent extends Affected {
  readonly environment: string;
  readonly account?: string;
  readonly owner?: string;
}

export interface ImpactAnswer {
  readonly view: ViewStamp;
  readonly targets: readonly { readonly id: ComponentId; readonly outputs: readonly string[] }[];
  /** Proven, nearest first. */
  readonly affected: readonly AffectedComponent[];
  /** Reached only through something that could not be proved. */
  readonly possible: readonly ComponentId[];
  /** They run later; no change reaches them. */
  readonly orderOnly: readonly ComponentId[];
  readonly blindSpots: readonly Doubt[];
  /** What was not looked into, told once; assumptions of `karma.yaml` included. */
  readonly unread: readonly UnreadGroup[];
  /** False: this answer is not proved to be all. */
  readonly complete: boolean;
}

export async function impact(context: EngineContext, query: ImpactQuery): Promise<ImpactAnswer> {
  const view = await loadView(context, query.at);
  return impactIn(
    view,
    [...startsOf(view, query.targets), ...(await selectedStarts(context, view, query.selection))],
    query,
  );
}

/** The same for starts that are known already. */
export function impactIn(
  view: LoadedView,
  starts: readonly ImpactStart[],
  { forward, depth }: Pick<ImpactQuery, 'forward' | 'depth'>,
): ImpactAnswer {
  const { graph } = view;
  const found = impactOf(graph, starts, {
    direction: forward ? 'dependencies' : 'dependents',
    doubts: doubtsIn(view),
    ...(depth === undefined ? {} : { depth }),
  });
  const affected = [...found.affected.nodes].map((node): AffectedComponent => {
    const { environment, account, owner } = graph.head(node);
    return {
      ...describeAffected(graph, found, node),
      environment,
      ...(account === undefined ? {} : { account }),
      ...(owner === undefined ? {} : { owner }),
    };
  });
  return {
    view: stampOf(view),
    targets: starts.map(({ node, outputs = [] }) => ({ id: graph.id(node), outputs })),
    affected,
    possible: [...found.possible].map((node) => graph.id(node)),
    orderOnly: [...found.orderOnly].map((node) => graph.id(node)),
    blindSpots: found.blindSpots,
    unread: found.unread,
    complete: found.complete,
  };
}

function startsOf(view: LoadedView, targets: readonly string[]): ImpactStart[] {
  const options = { workingDirectory: workingDirectoryOf(view), readersOf: readersOf(view) };
  return targets.flatMap((target, index) => {
    const { component, outputs } = splitOutputs(view.graph, target, options);
    const before = targets[index - 1];
    if (before !== undefined && target.startsWith('/') && !find(view.graph, component, options).found)
      throw new KarmaError('KARMA_NOT_FOUND', `no component is called '${target}'`, {
        hint: `write an output behind its component: \`${before}#${target}\``,
      });
    return findAll(view.graph, component, options).map((node) => (outputs.length === 0 ? { node } : { node, outputs }));
  });
}

async function selectedStarts(
  context: EngineContext,
  view: LoadedView,
  selection: readonly string[],
): Promise<ImpactStart[]> {
  if (selection.length === 0) return [];
  return (await selectNodes(context, view, selection)).map((node) => ({ node }));
}
