import { list, object, text } from '../../config/shape-parts.ts';
import type { Graph } from '../../graph/graph.ts';
import {
  type Compared,
  type ComparedEnvironments,
  type ComparedObject,
  compareEnvironments,
  type ObjectDifference,
} from '../../graph/objects/compare-environments.ts';
import { type Guess, guessExpected } from '../../graph/objects/guess-expected.ts';
import { type Instance, type Instances, instancesOf } from '../../graph/objects/instances.ts';
import { loadGrammar } from '../../hcl/parse.ts';
import type { ComponentId } from '../../model/component.ts';
import { KarmaError } from '../../model/errors.ts';
import { nearest } from '../../model/nearest.ts';
import type { EngineContext } from '../context.ts';
import { evaluatedView } from '../objects/evaluated-view.ts';
import { presetsIn } from '../objects/presets.ts';
import { rootCode } from '../objects/root-code.ts';
import { runtimesOfInstances } from '../objects/runtime-types.ts';
import { loadView } from '../view/load-view.ts';
import { selectNodes } from '../view/select.ts';
import { type LoadedView, stampOf, type ViewStamp } from '../view/view.ts';
import { at, defineVerb, select } from './verb.ts';

/** How a difference, and a whole comparison, is written. */
export { environmentsMarkdown } from '../../report/objects/markdown.ts';
export { differenceInWords } from '../../report/objects/words.ts';

export interface ListedEnvironment {
  readonly name: string;
  /** Components, and deployments of root modules that have several. */
  readonly objects: number;
  /** Those that no other environment has. */
  readonly onlyHere: number;
}

export interface EnvironmentsAnswer {
  readonly view: ViewStamp;
  readonly environments: readonly ListedEnvironment[];
  /** Components that no path, pattern or deployment gives an environment. */
  readonly without: number;
  /** Components of one environment that would be one object: they are compared with nothing. */
  readonly ambiguous: Instances['ambiguous'];
}

/** The environments of an estate, and how much of each the others have. */
export async function listEnvironments(context: EngineContext, when?: string): Promise<EnvironmentsAnswer> {
  const view = await loadView(context, when);
  const { byEnvironment, ambiguous } = instancesOf(view.graph, view.estate?.view.settings.environments);
  const places = new Map<string, number>();
  for (const objects of byEnvironment.values())
    for (const name of objects.keys()) places.set(name, (places.get(name) ?? 0) + 1);
  const environments = [...byEnvironment].map(([name, objects]) => ({
    name,
    objects: objects.size,
    onlyHere: [...objects.keys()].filter((one) => places.get(one) === 1).length,
  }));
  const held = new Set([...byEnvironment.values()].flatMap((objects) => [...objects.values()].map(({ id }) => id)));
  for (const { ids } of ambiguous) for (const id of ids) held.add(id);
  return { view: stampOf(view), environments, without: ownComponents(view.graph) - held.size, ambiguous };
}

function ownComponents(graph: Graph): number {
  let own = 0;
  for (let node = 0; node < graph.size; node++) {
    const { kind, external } = graph.head(node);
    if (kind === 'component' && !external) own += 1;
  }
  return own;
}

export interface EnvironmentDiff extends ComparedEnvironments {
  readonly view: ViewStamp;
  readonly from: string;
  readonly to: string;
  readonly counts: {
    readonly same: number;
    readonly differs: number;
    readonly unknown: number;
    /** Differences that are expected, by reason. */
    readonly expected: Readonly<Record<string, number>>;
  };
  /** Rules that `karma.yaml` may take: what differs in every object that has it. */
  readonly guesses: readonly Guess[];
}

/** Two environments object by object: proved the same, different in these keys, or not known. */
export async function diffTwoEnvironments(
  context: EngineContext,
  query: { readonly from: string; readonly to: string; readonly select?: readonly string[]; readonly at?: string },
): Promise<EnvironmentDiff> {
  const { view, instances, compared: evaluated } = await prepare(context, query.at);
  const compared = { ...evaluated, runtime: await runtimesOfInstances(context, view) };
  const chosen = await objectsChosen(context, view, instances, query.select ?? []);
  const [from, to] = [query.from, query.to].map((name) => chosenOf(instances, name, chosen));
  const answer = compareEnvironments(compared, from ?? new Map(), to ?? new Map());
  const differences = answer.compared.flatMap((one) => one.differences);
  const of = (outcome: ComparedObject['outcome']) => answer.compared.filter((one) => one.outcome === outcome).length;
  return {
    view: stampOf(view),
    from: query.from,
    to: query.to,
    ...answer,
    counts: { same: of('same'), differs: of('differs'), unknown: of('unknown'), expected: byReason(differences) },
    guesses: guessExpected(answer.compared),
  };
}

function byReason(differences: readonly ObjectDifference[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { expected } of differences)
    if (expected !== undefined) counts.set(expected, (counts.get(expected) ?? 0) + 1);
  return Object.fromEntries([...counts].sort());
}

/** How an object stands in one environment, beside the first of those that were asked for. */
export type MatrixCell = 'same' | 'differs' | 'unknown' | 'missing' | 'first';

export interface EnvironmentMatrix {
  readonly view: ViewStamp;
  readonly environments: readonly string[];
  readonly rows: readonly {
    readonly object: string;
    /** By environment, in the order of {@link environments}. */
    readonly cells: readonly { readonly state: MatrixCell; readonly source?: string; readonly differences?: number }[];
  }[];
}

/** Objects × environments: each beside the first environment that has it. */
export async function environmentMatrix(
  context: EngineContext,
  query: { readonly environments: readonly string[]; readonly select?: readonly string[]; readonly at?: string },
): Promise<EnvironmentMatrix> {
  const { view, instances, compared: evaluated } = await prepare(context, query.at);
  const compared = { ...evaluated, runtime: await runtimesOfInstances(context, view) };
  const chosen = await objectsChosen(context, view, instances, query.select ?? []);
  const names = query.environments.length > 0 ? query.environments : [...instances.byEnvironment.keys()];
  const columns = names.map((name) => chosenOf(instances, name, chosen));
  const objects = [...new Set(columns.flatMap((column) => [...column.keys()]))].sort();
  const rows = objects.map((one) => {
    const first = columns.findIndex((column) => column.has(one));
    const cells = columns.map((column, place) =>
      cellOf(compared, columns[first]?.get(one), column.get(one), place === first),
    );
    return { object: one, cells };
  });
  return { view: stampOf(view), environments: names, rows };
}

function cellOf(
  estate: Compared,
  first: Instance | undefined,
  here: Instance | undefined,
  isFirst: boolean,
): EnvironmentMatrix['rows'][number]['cells'][number] {
  if (first === undefined || here === undefined) return { state: 'missing' };
  const source = sourceOf(estate, here);
  const shown = source === undefined ? {} : { source };
  if (isFirst) return { state: 'first', ...shown };
  const of = (one: Instance) => new Map([[one.object, one]]);
  const [answer] = compareEnvironments(estate, of(first), of(here)).compared;
  const open = answer?.differences.filter(({ expected }) => expected === undefined).length ?? 0;
  return { state: answer?.outcome ?? 'unknown', ...shown, ...(open === 0 ? {} : { differences: open }) };
}

/** The module of it with its ref: what stands where a version would. */
function sourceOf({ claim }: Compared, { id }: Instance): string | undefined {
  const source = claim(id)?.evaluated?.['source'];
  return typeof source === 'string' ? source : undefined;
}

/** What comparing environments rests on. */
export async function prepare(context: EngineContext, when: string | undefined) {
  const evaluated = await evaluatedView(context, when);
  const { view, estate, claim } = evaluated;
  await loadGrammar();
  const instances = instancesOf(view.graph, estate.view.settings.environments);
  const objectNames = new Map<string, string>();
  for (const [environment, objects] of instances.byEnvironment)
    for (const { id, object: name } of objects.values()) objectNames.set(`${environment}\0${id}`, name);
  const compared: Compared = {
    graph: view.graph,
    claim,
    code: rootCode(estate.view.main),
    presets: presetsIn(estate.view),
    expected: estate.karmaFile?.expected ?? [],
    objectOf: (id: ComponentId, environment: string) => objectNames.get(`${environment}\0${id}`),
  };
  return { evaluated, view, instances, compared };
}

/** The objects of the components of a selection; undefined when nothing was selected. */
export async function objectsChosen(
  context: EngineContext,
  view: LoadedView,
  { byEnvironment }: Instances,
  selection: readonly string[],
): Promise<ReadonlySet<string> | undefined> {
  if (selection.length === 0) return undefined;
  const ids = new Set((await selectNodes(context, view, selection)).map((node) => view.graph.id(node)));
  const chosen = new Set<string>();
  for (const objects of byEnvironment.values())
    for (const { id, object: name } of objects.values()) if (ids.has(id)) chosen.add(name);
  return chosen;
}

export function chosenOf(
  { byEnvironment }: Instances,
  name: string,
  chosen: ReadonlySet<string> | undefined,
): ReadonlyMap<string, Instance> {
  const objects = byEnvironment.get(name);
  if (objects === undefined) {
    const names = [...byEnvironment.keys()];
    const [near] = nearest(name, names);
    const there = names.length === 0 ? 'no path, pattern or deployment names one' : `there are: ${names.join(', ')}`;
    throw new KarmaError('KARMA_NOT_FOUND', `there is no environment \`${name}\``, {
      hint: near === undefined ? there : `did you mean \`${near}\`?`,
    });
  }
  return chosen === undefined ? objects : new Map([...objects].filter(([one]) => chosen.has(one)));
}

export const environmentsVerb = defineVerb({
  about: 'The environments of the estate, and how much of each the others have.',
  query: object('When.', { at }),
  writes: 'nothing',
  run: (context, query) => listEnvironments(context, query.at),
});

export const environmentDiffVerb = defineVerb({
  about:
    'Two environments object by object: what is proved the same, what differs and in which keys, what is not known.',
  query: object('Which.', { from: text('An environment.'), to: text('Another.'), select, at }, 'from', 'to'),
  writes: 'nothing',
  run: (context, query) => diffTwoEnvironments(context, query),
});

export const environmentMatrixVerb = defineVerb({
  about: 'Objects × environments: each beside the first environment that has it.',
  query: object('Which.', { environments: list('Default: all.', text('An environment.')), select, at }),
  writes: 'nothing',
  run: (context, { environments = [], ...query }) => environmentMatrix(context, { environments, ...query }),
});
