import type { StatusWord } from '../../consequence/status.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import { deploymentKey } from '../../model/record.ts';
import type { EngineContext } from '../context.ts';
import { type ComponentStatus, type StatusGround, type StatusQuery, statusGround } from '../deployed/status-ground.ts';
import type { RefreshWish } from '../deploying/query.ts';
import { selectNodes } from '../view/select.ts';
import { stampOf, type ViewStamp } from '../view/view.ts';

export interface StatusAnswer {
  readonly view: ViewStamp;
  /** Sorted by component, then deployment. */
  readonly components: readonly ComponentStatus[];
  /** How many of each word. */
  readonly counts: Readonly<Partial<Record<StatusWord, number>>>;
  /** States and outputs that were used. */
  readonly states: number;
  /** Files given that match nothing or cannot be used. */
  readonly unmatched: readonly { readonly path: string; readonly reason: string }[];
  /** What to give so that more can be told, as sentences. */
  readonly hints: readonly string[];
}

/**
 * Per deployment: what it is, and why. Reads states, outputs, Parameter Stores and records; runs nothing, writes nothing.
 * Only where a refresh is asked for Terraform looks at the real resources, and what it said is kept as an event.
 */
export async function status(
  context: EngineContext,
  query: StatusQuery & { readonly refresh?: RefreshWish },
): Promise<StatusAnswer> {
  const { refresh } = query;
  if (refresh !== undefined && !refresh.all && query.selection.length === 0)
    throw new KarmaError('KARMA_USAGE', 'refresh which components?', {
      hint: 'name them (`dev/vpc/main`), select them (`env=dev`), or say --all',
    });
  let ground = await statusGround(context, query);
  let components = await statusesIn(context, ground, query.selection);
  // Who else writes a runtime only the claims tell, and only of what looks edited does it matter.
  if (ground.view.built === undefined && components.some(({ status: word }) => word === 'edited')) {
    ground = await statusGround(context, query, { needsClaims: true });
    components = await statusesIn(context, ground, query.selection);
  }
  if (refresh !== undefined) components = await refreshedIn(context, ground, components, refresh);
  const counts: Partial<Record<StatusWord, number>> = {};
  for (const { status: word } of components) counts[word] = (counts[word] ?? 0) + 1;
  const { sightings } = ground;
  return {
    view: stampOf(ground.view),
    components,
    counts,
    states: sightings.matched,
    unmatched: sightings.unmatched,
    hints: hintsFor(components, ground, query),
  };
}

/** What was never run, or is not managed here, has nothing to refresh. */
async function refreshedIn(
  context: EngineContext,
  ground: StatusGround,
  components: readonly ComponentStatus[],
  wish: RefreshWish,
): Promise<readonly ComponentStatus[]> {
  const { refreshDeployments } = await import('../refresh.ts');
  const there = components.filter(({ status: word }) => word !== 'never run' && word !== 'external');
  const found = await refreshDeployments(context, there, wish);
  return components.map((one) => {
    const component = ground.components.get(one.component);
    const refreshed = found.get(deploymentKey(one.component, one.deployment));
    return component === undefined || refreshed === undefined
      ? one
      : ground.statusOf(component, one.deployment, refreshed);
  });
}

async function statusesIn(
  context: EngineContext,
  ground: StatusGround,
  selection: readonly string[],
): Promise<readonly ComponentStatus[]> {
  const nodes = new Set(await selectNodes(context, ground.view, selection));
  return [...ground.components.values()]
    .filter(({ node, row }) => nodes.has(node) && ground.speaksOf(row.environment))
    .flatMap((component) => ground.deploymentsOf(component).map((one) => ground.statusOf(component, one)));
}

/** What a run of Karma's own deployed and nothing in the estate names any more. Sorted. */
function leftBehind({ records, components }: StatusGround): readonly string[] {
  return [...records]
    .filter(([, { last, finished }]) => !components.has(last.component) && finished?.reconstructed === false)
    .filter(([, { last }]) => last.action === 'apply')
    .map(([key]) => key)
    .sort(byCodeUnit);
}

function hintsFor(components: readonly ComponentStatus[], ground: StatusGround, query: StatusQuery): readonly string[] {
  const { sightings, view } = ground;
  const hints = (view.estate?.accounts.unread ?? []).map(
    (binding) =>
      `the Parameter Store of ${binding} could not be read, so what it holds now counts as unknown: \`karma doctor\``,
  );
  const left = leftBehind(ground);
  if (left.length > 0 && query.selection.length === 0)
    hints.push(
      `still deployed, though the estate does not have it any more: ${left.slice(0, 5).join(', ')}${left.length > 5 ? ` and ${left.length - 5} more` : ''}; \`karma why\` tells of it, \`karma destroy\` takes it away`,
    );
  const blank = components.filter(({ status: word, restsOn: rest }) => word === 'unknown' && rest === undefined);
  const adage = blank.some(({ component }) => view.graph.component(view.graph.node(component) ?? 0).layout === 'adage');
  if (blank.length > 0 && query.states === undefined)
    hints.push('give pulled states or outputs, one file a component: `karma status --states <folder>`');
  if (blank.length > 0 && adage)
    hints.push('take in the Parameter Store: `karma parameter import <dump.json> --binding <account>`');
  if (blank.length > 0) hints.push('let CI tell of each run: `karma record plan.json --component <id>`');
  if (query.states !== undefined && sightings.matched === 0)
    hints.push('name each file like its component, or like the key of its state: `live/prod/vpc.tfstate`');
  return hints;
}
