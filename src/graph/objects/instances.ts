import type { ComponentId, ComponentRow } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { EstateSettings } from '../../model/estate.ts';
import { severalDeployments } from '../deployments.ts';
import type { Graph } from '../graph.ts';

/** One object in one environment: a component, or one deployment of a root module that has several. */
export interface Instance {
  /** What it is called wherever it stands: its id without its environment. */
  readonly object: string;
  readonly environment: string;
  readonly id: ComponentId;
  /** The deployment, of a component that has several; else `''`. */
  readonly deployment: string;
}

export interface Instances {
  /** By environment, then by object. */
  readonly byEnvironment: ReadonlyMap<string, ReadonlyMap<string, Instance>>;
  /** What all paths of an environment begin with and objects are called without: its account's folder, its region's. */
  readonly prefixes: ReadonlyMap<string, readonly string[]>;
  /** Components of one environment that would be one object: they are none. */
  readonly ambiguous: readonly {
    readonly environment: string;
    readonly object: string;
    readonly ids: readonly string[];
  }[];
}

/**
 * Which components are the same thing in several places. Adage says so by type and nickname; elsewhere it is the path without
 * the step that names the environment and without the steps before it that tell nothing apart within any environment:
 * `nonprod/eu/stage/vpc` and `prod/eu/prod/vpc` are `vpc`, and where `prod` has two regions they are `eu/vpc`. O(components).
 */
export function instancesOf(graph: Graph, patterns: EstateSettings['environments'] = []): Instances {
  const rows = ownComponents(graph);
  const paths = new Map<ComponentId, Steps & { readonly environment: string }>();
  for (const row of rows)
    if (row.layout !== 'adage' && row.environment !== '')
      paths.set(row.id, { ...stepsWithout(row, patterns), environment: row.environment });
  const within = Map.groupBy(paths.values(), ({ environment }) => environment);
  const shared = Math.min(...[...within.values()].map((all) => sharedStart(all, within.size > 1)));
  const found: Instance[] = [];
  for (const row of rows) {
    const several = row.environment === '' ? severalDeployments(row) : [];
    for (const deployment of several) found.push({ object: row.id, environment: deployment, id: row.id, deployment });
    if (row.environment === '') continue;
    const object =
      row.layout === 'adage' ? `${row.type}/${row.nickname}` : (paths.get(row.id)?.steps ?? []).slice(shared).join('/');
    found.push({ object: object === '' ? row.id : object, environment: row.environment, id: row.id, deployment: '' });
  }
  const prefixes = [...within].map(([name, all]) => [name, (all[0]?.steps ?? []).slice(0, shared)] as const);
  return { ...sorted(found), prefixes: new Map(prefixes) };
}

function ownComponents(graph: Graph): ComponentRow[] {
  const rows: ComponentRow[] = [];
  for (let node = 0; node < graph.size; node++) {
    const { kind, external } = graph.head(node);
    if (kind === 'component' && !external) rows.push(graph.component(node));
  }
  return rows;
}

/** The steps of a path without its environment, and how many of them stand before where that was. */
interface Steps {
  readonly steps: readonly string[];
  readonly before: number;
}

/** Without the step that names its environment; of a step that only holds the name, the rest stays. */
function stepsWithout({ id, environment }: ComponentRow, patterns: NonNullable<EstateSettings['environments']>): Steps {
  const steps = id.split('/');
  const around = steps.slice(0, -1).lastIndexOf(environment);
  const whole = around >= 0 ? around : steps.lastIndexOf(environment);
  if (whole >= 0 && steps.length > 1) return { steps: steps.toSpliced(whole, 1), before: whole };
  for (const { pattern } of patterns) {
    const fixed = pattern.split('/');
    const open = fixed.findIndex((step) => step.includes('*') || step.includes('{'));
    const held = open >= 0 && fixed[open]?.includes('{environment}') === true ? steps[open] : undefined;
    if (held?.includes(environment) === true)
      return { steps: steps.with(open, held.replace(environment, '*')), before: open };
    // A pattern that says the environment of a folder outright: the folder is what names it.
    if (open > 0 && fixed.slice(0, open).every((step, at) => step === steps[at]))
      return { steps: steps.slice(open), before: 0 };
  }
  return { steps, before: 0 };
}

/**
 * The path of the same object in another environment: its own, with the other's name where its environment's name stands, behind what
 * the other's paths begin with. Undefined where no step of the path holds the name.
 */
export function pathIn(
  { path, environment }: Pick<ComponentRow, 'path' | 'environment'>,
  other: string,
  prefixes: Instances['prefixes'],
  patterns: NonNullable<EstateSettings['environments']> = [],
): string | undefined {
  const steps = path.split('/');
  const begin = (named: readonly string[]) =>
    [...(prefixes.get(other) ?? []), ...named.slice(prefixes.get(other)?.length ?? 0)].join('/');
  const around = steps.slice(0, -1).lastIndexOf(environment);
  const whole = around >= 0 ? around : steps.lastIndexOf(environment);
  if (whole >= 0 && steps.length > 1) return begin(steps.with(whole, other));
  for (const { pattern } of patterns) {
    const fixed = pattern.split('/');
    const open = fixed.findIndex((step) => step.includes('*') || step.includes('{'));
    const held = open >= 0 && fixed[open]?.includes('{environment}') === true ? steps[open] : undefined;
    if (held?.includes(environment) === true)
      return begin(
        steps.with(
          open,
          held.replace(environment, () => other),
        ),
      );
  }
  return undefined;
}

/** How many steps before the environment all of its paths begin with; of one path alone nothing is told. */
function sharedStart(paths: readonly Steps[], hasOthers: boolean): number {
  const [first] = paths;
  let shared =
    first === undefined || (paths.length < 2 && !hasOthers) ? 0 : Math.min(first.before, first.steps.length - 1);
  for (const { steps, before } of paths) {
    let same = 0;
    while (same < Math.min(shared, before, steps.length - 1) && steps[same] === first?.steps[same]) same += 1;
    shared = same;
  }
  return shared;
}

function sorted(found: readonly Instance[]): Omit<Instances, 'prefixes'> {
  const byEnvironment = new Map<string, Map<string, Instance>>();
  const ambiguous: Instances['ambiguous'][number][] = [];
  const environments = Map.groupBy(found, ({ environment }) => environment);
  for (const environment of [...environments.keys()].sort(byCodeUnit)) {
    const objects = Map.groupBy(environments.get(environment) ?? [], ({ object }) => object);
    const held = new Map<string, Instance>();
    for (const object of [...objects.keys()].sort(byCodeUnit)) {
      const [only, ...others] = objects.get(object) ?? [];
      if (only !== undefined && others.length === 0) held.set(object, only);
      else
        ambiguous.push({ environment, object, ids: (objects.get(object) ?? []).map(({ id }) => id).sort(byCodeUnit) });
    }
    byEnvironment.set(environment, held);
  }
  return { byEnvironment, ambiguous };
}
