import { object } from '../../config/shape-parts.ts';
import { environmentsOf } from '../../graph/deployments.ts';
import { countBySeverity, type FindingCause, findingCauses } from '../../graph/findings-by-cause.ts';
import { cycles } from '../../graph/operations/cycles.ts';
import type { Finding, Severity } from '../../model/finding.ts';
import { hasBranch } from '../../observe/git/git-repository.ts';
import type { EngineContext } from '../context.ts';
import { loadView } from '../view/load-view.ts';
import { withNearest } from '../view/nearest-hints.ts';
import { findingsIn, withNextSteps } from '../view/shown-findings.ts';
import { type UnnamedSibling, unnamedSiblings } from '../view/unnamed-siblings.ts';
import { type LoadedView, stampOf, type ViewStamp } from '../view/view.ts';
import { estateNameOf } from './estate.ts';
import { at, defineVerb } from './verb.ts';

type BySeverity = Readonly<Record<Severity, number>>;

/** More than these nobody looks at first. */
const mostFindings = 20;

export interface Overview {
  readonly view: ViewStamp;
  readonly estate: string;
  readonly layouts: Readonly<Record<string, number>>;
  /** Layouts that are recognised and not read, by name. */
  readonly layoutsNotRead: readonly string[];
  readonly components: number;
  readonly external: number;
  readonly parameters: number;
  readonly references: number;
  /** A component with a deployment in several counts in each. */
  readonly environments: readonly { readonly name: string; readonly components: number }[];
  readonly kinds: readonly { readonly name: string; readonly components: number }[];
  /** The worst, {@link mostFindings} at most: `karma check` has all. */
  readonly findings: readonly Finding[];
  /** The same by what causes them: those that cause most come first. */
  readonly causes: readonly FindingCause[];
  /** How many findings there are, and how many causes. */
  readonly counts: { readonly findings: BySeverity; readonly causes: BySeverity };
  /** How many of either are left out here. */
  readonly hidden?: { readonly findings: number; readonly causes: number };
  readonly blindSpots: number;
  readonly cycles: number;
  /** A path pattern of components whose environment nothing tells, for the entry of `karma.yaml` that names it. */
  readonly unplaced?: string;
  /** Checkouts beside the estate that nothing names, and that hold what components look for in vain. */
  readonly siblings: readonly UnnamedSibling[];
  /** The component most others depend on, for "what to type next". */
  readonly busiest?: string;
  /** A Git range worth asking about, for "what to type next". */
  readonly since?: string;
}

export async function overview(context: EngineContext, at?: string): Promise<Overview> {
  const view = await loadView(context, at);
  const { graph } = view;
  const layouts: Record<string, number> = {};
  const environments = new Map<string, number>();
  const kinds = new Map<string, number>();
  const unplaced: string[] = [];
  const placed: string[] = [];
  let external = 0;
  let parameters = 0;
  let blindSpots = 0;
  let busiest = -1;
  let most = 0;
  for (let node = 0; node < graph.size; node++) {
    const { kind, external: outside, layout, environment, type, path } = graph.head(node);
    const usedBy = (graph.adjacency.inStart[node + 1] ?? 0) - (graph.adjacency.inStart[node] ?? 0);
    if (usedBy > most) [most, busiest] = [usedBy, node];
    blindSpots += graph.blindSpots(node).length;
    if (kind === 'parameter') parameters += 1;
    else if (outside) external += 1;
    else {
      layouts[layout] = (layouts[layout] ?? 0) + 1;
      // A root module with a file of variables for each environment is in all of them.
      const within = environment === '' ? environmentsOf(graph.component(node)) : [environment];
      for (const name of within.length === 0 ? [''] : within) add(environments, name);
      if (layout !== 'adage') (within.length === 0 ? unplaced : placed).push(path);
      add(kinds, type);
    }
  }
  const findings = graph.findings();
  return {
    view: stampOf(view),
    estate: view.estate?.name ?? estateNameOf(context),
    layouts,
    layoutsNotRead: findings.filter(({ code }) => code === 'layout-not-read').map(({ key }) => key),
    components: graph.size - external - parameters,
    external,
    parameters,
    references: graph.edges,
    environments: sorted(environments),
    kinds: sorted(kinds),
    ...worstOf(view),
    blindSpots,
    cycles: cycles(graph).length,
    siblings:
      view.estate === undefined || layouts['adage'] === undefined
        ? []
        : unnamedSiblings(view.estate, (place) => view.readers().get(place) ?? [], context.env),
    ...(unplaced.length === 0 ? {} : { unplaced: patternOf(unplaced, placed) }),
    ...(busiest < 0 ? {} : { busiest: graph.id(busiest) }),
    ...rangeFrom(view),
  };
}

const rank: BySeverity = { error: 0, warning: 1, info: 2 };

function worstOf(view: LoadedView): Pick<Overview, 'findings' | 'causes' | 'counts' | 'hidden'> {
  const { graph } = view;
  const all = findingsIn(view);
  const causes = findingCauses(all);
  const worst = causes.toSorted((a, b) => rank[a.severity] - rank[b.severity] || b.findings - a.findings);
  const hidden = {
    findings: Math.max(0, all.length - mostFindings),
    causes: Math.max(0, causes.length - mostFindings),
  };
  return {
    findings: withNearest(graph, all.toSorted((a, b) => rank[a.severity] - rank[b.severity]).slice(0, mostFindings)),
    causes: withNextSteps(graph, worst.slice(0, mostFindings)),
    counts: { findings: countBySeverity(all), causes: countBySeverity(causes) },
    ...(hidden.findings + hidden.causes === 0 ? {} : { hidden }),
  };
}

/** What is not committed yet; else what a branch adds; else the last commit. Nothing without a history. */
function rangeFrom({ kind, estate }: LoadedView): { readonly since?: string } {
  const main = estate?.observation.main;
  if (kind !== 'worktree' || main?.repository === undefined || main.commit === undefined) return {};
  if (main.dirty.size > 0) return { since: 'HEAD' };
  const { branch, repository } = main;
  const trunk = ['main', 'master'].find((name) => hasBranch(repository, name));
  return { since: trunk === undefined || trunk === branch ? 'HEAD~1' : `${trunk}...HEAD` };
}

/** The widest folder that holds most of some paths and none of the others, as a pattern; else one of them as it is. */
function patternOf(paths: readonly string[], others: readonly string[]): string {
  const deepest = Math.max(...paths.map((path) => path.split('/').length));
  for (let depth = 1; depth < deepest; depth++) {
    const folder = (path: string) => path.split('/').slice(0, depth).join('/');
    const taken = new Set(others.map(folder));
    const counts = new Map<string, number>();
    for (const path of paths) if (path !== folder(path) && !taken.has(folder(path))) add(counts, folder(path));
    const [most] = sorted(counts);
    if (most !== undefined) return `${most.name}/**`;
  }
  // The module at the root has an empty path.
  return paths[0] || '**';
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): { name: string; components: number }[] {
  return [...counts]
    .map(([name, components]) => ({ name, components }))
    .sort((a, b) => b.components - a.components || (a.name < b.name ? -1 : 1));
}

export const overviewVerb = defineVerb({
  about: 'What is in the estate, and the worst findings.',
  query: object('When.', { at }),
  writes: 'nothing',
  run: (context, query) => overview(context, query.at),
});
