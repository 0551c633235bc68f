import type { StatusWord } from '../../consequence/status.ts';
import { deploymentsMeant } from '../../graph/selection/environments-named.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import { deploymentKey } from '../../model/record.ts';
import type { EngineContext } from '../context.ts';
import type { RefreshOptions } from '../deploying/query.ts';
import { type Paged, type PageQuery, pageOf } from '../paging.ts';
import { type Proved, provedRuns } from '../view/proved.ts';
import { selectNodes } from '../view/select.ts';
import { stampOf, type ViewStamp } from '../view/view.ts';
import { breathing } from '../wanted.ts';
import { type DeployUnderWay, deploysUnderWay } from './deploys-under-way.ts';
import type { KnownComponent } from './known-components.ts';
import { type ComponentStatus, type StatusQuery, statusSources } from './status-facts.ts';
import { type ToldStatuses, toldOn } from './told-statuses.ts';

/** `complete`: all that is deployed of the selection is told of, and nothing that could not be read bears on a word. */
export interface StatusAnswer extends Proved, Paged {
  readonly view: ViewStamp;
  /** Sorted by component, then deployment. */
  readonly components: readonly ComponentStatus[];
  /** Deploys that began and did not end. */
  readonly deploys: readonly DeployUnderWay[];
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
  query: StatusQuery & PageQuery & { readonly refresh?: RefreshOptions },
): Promise<StatusAnswer> {
  const { refresh } = query;
  if (refresh !== undefined && !refresh.all && query.selection.length === 0)
    throw new KarmaError('KARMA_USAGE', 'refresh which components?', {
      hint: 'name them (`dev/vpc/main`), select them (`env=dev`), or say --all',
    });
  let told = toldOn(await statusSources(context, query));
  let components = await statusesIn(context, told, query.selection);
  // Who else writes a runtime only the claims tell, and only of what looks edited does it matter.
  if (told.view.built === undefined && components.some(({ status: word }) => word === 'edited')) {
    told = toldOn(await statusSources(context, query, { needsClaims: true }));
    components = await statusesIn(context, told, query.selection);
  }
  if (refresh !== undefined) components = await refreshedIn(context, told, components, refresh);
  const deploys = await deploysUnderWay(await context.stores.ledger());
  components = withDeploys(components, deploys);
  const counts: Partial<Record<StatusWord, number>> = {};
  for (const { status: word } of components) counts[word] = (counts[word] ?? 0) + 1;
  const { states, view } = told;
  const { items, paged } = pageOf(components, view, query);
  return {
    view: stampOf(view),
    components: items,
    deploys,
    counts,
    states: states.matched,
    unmatched: states.unmatched,
    hints: hintsFor(components, told, query),
    ...provedWords(told, components),
    ...paged,
  };
}

function provedWords({ view }: ToldStatuses, components: readonly ComponentStatus[]): Proved {
  const found = provedRuns(view, new Set(components.map(({ component }) => component)));
  return { ...found, complete: found.complete && (view.estate?.accounts.unread ?? []).length === 0 };
}

const unmanaged: ReadonlySet<StatusWord> = new Set(['never run', 'external', 'orphaned']);

/** What was never run, or is not managed here, has nothing to refresh. */
async function refreshedIn(
  context: EngineContext,
  told: ToldStatuses,
  components: readonly ComponentStatus[],
  options: RefreshOptions,
): Promise<readonly ComponentStatus[]> {
  const { refreshDeployments } = await import('../refresh.ts');
  const there = components.filter(({ status: word }) => !unmanaged.has(word));
  const found = await refreshDeployments(context, there, options);
  return components.map((one) => {
    const component = told.components.get(one.component);
    const refreshed = found.get(deploymentKey(one.component, one.deployment));
    return component === undefined || refreshed === undefined
      ? one
      : told.facts().statusOf(component, one.deployment, refreshed);
  });
}

const several = 100;

async function statusesIn(
  context: EngineContext,
  told: ToldStatuses,
  selection: readonly string[],
): Promise<readonly ComponentStatus[]> {
  const { orphans, view } = told;
  const named = selection.filter((text) => orphans.some((one) => isNamed(one, text)));
  const chosen = orphans.filter(
    (one) => (selection.length === 0 || named.some((text) => isNamed(one, text))) && isAskedAbout(told, one),
  );
  const left = selection.filter((text) => !named.includes(text) || text.includes('='));
  const nodes =
    left.length === 0 && selection.length > 0 ? new Set<number>() : new Set(await selectNodes(context, view, left));
  // One by one the files of a revision take long to unpack.
  if (told.isNew && view.kind === 'revision' && nodes.size > several) await view.estate?.observation.preload();
  const narrow = deploymentsMeant(selection);
  const meant = (component: KnownComponent) => {
    const all = told.deploymentsOf(component);
    const some = narrow(component.row, all);
    return some.length === 0 ? all : some;
  };
  const gone = new Set(orphans.map(({ component }) => component));
  const asked = [...told.components.values()].filter(
    ({ node, row }) => nodes.has(node) && !gone.has(row.id) && told.speaksOf(row.environment),
  );
  const here: ComponentStatus[] = [];
  const breathe = breathing(context);
  for (const [done, component] of asked.entries()) {
    if (done % 500 === 499) context.report({ kind: 'phase', phase: 'judge', done, total: asked.length });
    await breathe();
    for (const one of meant(component)) here.push(told.statusOf(component, one));
  }
  return [...here, ...chosen].sort((a, b) => byCodeUnit(keyOf(a), keyOf(b)));
}

/** By its id or the end of it, with its deployment or without; or by its environment. */
function isNamed(one: ComponentStatus, text: string): boolean {
  if (text === `env=${one.environment}`) return true;
  return [one.component, keyOf(one)].some((name) => name === text || name.endsWith(`/${text}`));
}

/** Of an environment that nothing belongs to any more nobody can say whose account it was. */
function isAskedAbout(told: ToldStatuses, { environment }: ComponentStatus): boolean {
  const known = [...told.components.values()].some(({ row }) => row.environment === environment);
  return !known || told.speaksOf(environment);
}

function keyOf({ component, deployment }: ComponentStatus): string {
  return deploymentKey(component, deployment);
}

/** What a deploy is at, or was at when it was killed, is neither deployed nor failed nor anything else yet. */
function withDeploys(
  components: readonly ComponentStatus[],
  deploys: readonly DeployUnderWay[],
): readonly ComponentStatus[] {
  if (deploys.length === 0) return components;
  return components.map((one) => {
    const at = deploys.find(({ inFlight }) => inFlight.includes(keyOf(one)));
    if (at === undefined) return one;
    const verb = at.action === 'apply' ? 'deploy' : 'destroy';
    const text =
      at.state === 'running'
        ? `${at.actor} is at it since ${at.startedAt} (${verb} ${at.deploy})`
        : `the ${verb} ${at.deploy} of ${at.actor} was killed while it was at it`;
    return { ...one, status: at.state, reasons: [text, ...one.reasons] };
  });
}

function hintsFor(
  components: readonly ComponentStatus[],
  { states, view }: ToldStatuses,
  query: StatusQuery,
): readonly string[] {
  const hints = (view.estate?.accounts.unread ?? []).map(
    (binding) =>
      `the Parameter Store of ${binding} could not be read, so what it holds now counts as unknown: \`karma doctor\``,
  );
  const left = components.filter(({ status: word }) => word === 'orphaned').map(keyOf);
  if (left.length > 0)
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
  if (query.states !== undefined && states.matched === 0)
    hints.push('name each file like its component, or like the key of its state: `live/prod/vpc.tfstate`');
  return hints;
}
