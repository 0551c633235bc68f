import type { SetMember } from '../../deploy/set.ts';
import { find, findAll } from '../../graph/operations/find.ts';
import { order } from '../../graph/operations/order.ts';
import { deploymentsMeant } from '../../graph/selection/environments-named.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import { nearest } from '../../model/nearest.ts';
import { deploymentKey } from '../../model/record.ts';
import type { KnownComponent } from '../deployed/known-components.ts';
import { bindingOf, bindingsOf } from '../deployed/placement.ts';
import { selectNodes, tellNothingRecognised } from '../view/select.ts';
import { readersOf, workingDirectoryOf } from '../view/view.ts';
import type { DeployFacts } from './deploy-facts.ts';

export interface MembersOptions {
  readonly selection: readonly string[];
  readonly all: boolean;
  /**
   * Components that are deployed as well, and that nobody named: cutoff decides whether they run. Of several deployments those that
   * are meant; undefined: all.
   */
  readonly beside?: ReadonlyMap<string, readonly string[] | undefined>;
  /** Of those the deployments that do not run, by key, with the reason. */
  readonly idle?: ReadonlyMap<string, string>;
  /** One account of an environment; for a root module one of its deployments. */
  readonly binding?: string;
}

export interface ChosenMembers {
  /** Sorted by key. */
  readonly members: readonly SetMember[];
  /** What was selected and nothing runs, with the reason. Sorted. */
  readonly notRun: readonly { readonly component: string; readonly reason: string }[];
}

/** @throws KARMA_USAGE without a selection, KARMA_NOT_FOUND, KARMA_AMBIGUOUS, KARMA_SELECTION, KARMA_REFUSED */
export async function chooseMembers(facts: DeployFacts, options: MembersOptions): Promise<ChosenMembers> {
  if (options.selection.length === 0 && options.beside === undefined && !options.all)
    throw new KarmaError('KARMA_USAGE', 'which components?', {
      hint: 'name them (`dev/vpc/main`), select them (`env=dev`), or say --all',
    });
  if (options.binding !== undefined) mustBeBinding(facts, options.binding);
  const { nodes, named, deployments } = await chosenNodes(facts, options);
  const notRun: { component: string; reason: string }[] = [];
  const running: number[] = [];
  for (const node of nodes) {
    const component = facts.view.graph.id(node);
    const reason = whyNotRun(facts, component);
    if (reason === undefined) running.push(node);
    else if (named.has(component)) throw new KarmaError('KARMA_REFUSED', `${component} ${reason}`);
    else notRun.push({ component, reason });
  }
  const keys = new Map<string, readonly string[]>();
  const narrow = deploymentsMeant(options.selection);
  // `env=dev` means no other deployment of what it selects, with or without --all.
  const meant = (component: KnownComponent): KnownComponent => {
    if (named.has(component.row.id) || options.binding !== undefined) return component;
    const some = narrow(component.row, component.deployments);
    return some.length === 0 ? component : { ...component, deployments: some };
  };
  for (const node of running) {
    const component = facts.components.get(facts.view.graph.id(node));
    if (component === undefined) continue;
    const { id } = component.row;
    const along = options.beside?.has(id) === true;
    const asks = along ? { ...options, all: true } : options;
    const chosen = deploymentsToRun(facts, meant(component), asks, deployments.get(id) ?? options.beside?.get(id));
    const found = chosen.filter((name) => options.idle?.has(deploymentKey(id, name)) !== true);
    if (found.length > 0) keys.set(id, found);
    else if (chosen.length > 0)
      notRun.push({ component: id, reason: options.idle?.get(deploymentKey(id, chosen[0] ?? '')) ?? '' });
    else {
      const asked = deployments.get(component.row.id)?.join(', ') ?? options.binding;
      notRun.push({ component: component.row.id, reason: `is not in ${asked}` });
    }
  }
  // Order is worked out through what does not run.
  const nodesRun = running.filter((node) => keys.has(facts.view.graph.id(node)));
  return { members: membersOf(facts, nodesRun, keys, named), notRun };
}

/** A binding that no account and no deployment is called by would select nothing, which must not look like nothing to do. */
function mustBeBinding({ components, estate }: DeployFacts, binding: string): void {
  const names = new Set(bindingsOf(estate.view).map(({ name }) => name));
  for (const { deployments } of components.values()) for (const name of deployments) if (name !== '') names.add(name);
  for (const { row } of components.values()) if (row.layout === 'adage') names.add(row.environment);
  for (const name of estate.view.parameters.keys()) names.add(name);
  if (names.has(binding)) return;
  const near = nearest(binding, names);
  throw new KarmaError('KARMA_NOT_FOUND', `no binding and no deployment is called ${binding}`, {
    hint:
      near.length > 0
        ? `did you mean ${near.join(' or ')}?`
        : `there are ${[...names].sort(byCodeUnit).join(', ') || 'none'}`,
  });
}

interface ChosenNodes {
  /** Sorted. */
  readonly nodes: readonly number[];
  /** Components that were named one by one. */
  readonly named: ReadonlySet<string>;
  /** `app@dev` names the deployment too. */
  readonly deployments: ReadonlyMap<string, readonly string[]>;
}

const plainWord = /^(?!.*\.\.\.)[\w.@:/-]+$/;

async function chosenNodes(
  facts: DeployFacts,
  { selection, all, beside = new Map() }: MembersOptions,
): Promise<ChosenNodes> {
  const { context, view } = facts;
  const { graph } = view;
  if (all && selection.length === 0) {
    tellNothingRecognised(context, view);
    return {
      nodes: [...graph.ids.keys()].filter((node) => !graph.isParameter(node)),
      named: new Set(),
      deployments: new Map(),
    };
  }
  const options = { workingDirectory: workingDirectoryOf(view), readersOf: readersOf(view) };
  const nodes = new Set([...beside.keys()].flatMap((id) => graph.node(id) ?? []));
  const named = new Set<string>();
  const deployments = new Map<string, readonly string[]>();
  const rest: string[] = [];
  for (const text of selection) {
    if (!plainWord.test(text)) {
      rest.push(text);
      continue;
    }
    const { word, deployment } = splitDeployment(facts, text, options);
    const found = find(graph, word, options);
    const whole = findAll(graph, word, options);
    for (const node of whole) nodes.add(node);
    const [only] = whole;
    if (!found.found || (found.by !== 'id' && found.by !== 'suffix') || only === undefined) continue;
    named.add(graph.id(only));
    const before = deployments.get(graph.id(only)) ?? [];
    if (deployment !== undefined) deployments.set(graph.id(only), [...new Set([...before, deployment])]);
  }
  const takesAway = rest.length > 0 && rest.every((text) => text.startsWith('!'));
  const others = rest.length === 0 ? [] : await selectNodes(context, view, rest);
  const chosen = takesAway && nodes.size > 0 ? others.filter((node) => nodes.has(node)) : [...nodes, ...others];
  if (chosen.length === 0 && selection.length > 0)
    throw new KarmaError('KARMA_NOT_FOUND', `nothing fits ${selection.join(' ')}`, {
      hint: '`karma list` with the same selection shows what it means',
    });
  return { nodes: [...new Set(chosen)].sort((a, b) => a - b), named, deployments };
}

function splitDeployment(
  { view }: DeployFacts,
  text: string,
  options: Parameters<typeof find>[2],
): { readonly word: string; readonly deployment?: string } {
  const cut = text.lastIndexOf('@');
  if (cut <= 0 || find(view.graph, text, options).found) return { word: text };
  return { word: text.slice(0, cut), deployment: text.slice(cut + 1) };
}

function whyNotRun({ view, components }: DeployFacts, id: string): string | undefined {
  const component = components.get(id);
  if (component === undefined) return 'is a parameter: nothing runs it';
  const { row } = component;
  if (row.external) return 'is not managed here';
  if (row.layout === 'terragrunt') return undefined;
  return row.module === '' || view.graph.types().get(row.module) === undefined ? 'has no module to run' : undefined;
}

/** Which deployments of a component are meant. What is ambiguous is refused, never guessed. */
function deploymentsToRun(
  { estate }: DeployFacts,
  { row, deployments }: KnownComponent,
  { all, binding }: MembersOptions,
  asked: readonly string[] | undefined,
): readonly string[] {
  const wanted = asked ?? (binding === undefined ? undefined : [binding]);
  if (row.layout === 'adage') {
    const siblings = bindingsOf(estate.view).filter(({ environment }) => environment === row.environment);
    if (siblings.length < 2) {
      const only = bindingOf(estate.view, row, undefined);
      return binding === undefined || binding === only ? [''] : [];
    }
    const placed = deployments.filter((name) => name !== '');
    if (placed.length === 0) return (wanted ?? [undefined]).map((name) => bindingOf(estate.view, row, name));
    return placed.filter((name) => wanted === undefined || wanted.includes(name));
  }
  if (wanted !== undefined) {
    const missing = wanted.find((name) => !deployments.includes(name));
    if (missing === undefined) return wanted;
    if (asked === undefined) return deployments.length === 1 && deployments[0] === '' ? [''] : [];
    throw new KarmaError('KARMA_NOT_FOUND', `${row.id} has no deployment ${missing}`, {
      hint: deployments[0] === '' ? 'it has only the one: leave the @ out' : `it has ${deployments.join(', ')}`,
    });
  }
  if (deployments.length === 1 || all) return deployments;
  throw new KarmaError('KARMA_AMBIGUOUS', `${row.id} has ${deployments.length} deployments`, {
    hint: `say which: ${deployments.map((name) => deploymentKey(row.id, name)).join(', ')}; or --binding <name>`,
  });
}

function membersOf(
  facts: DeployFacts,
  nodes: readonly number[],
  deployments: ReadonlyMap<string, readonly string[]>,
  named: ReadonlySet<string>,
): readonly SetMember[] {
  const { steps } = order(facts.view.graph, nodes);
  const members: SetMember[] = [];
  for (const step of steps) {
    const before = step.waitsFor.flatMap((number) => steps[number]?.components ?? []);
    // Components of a cycle wait for each other, which the queue refuses with their names.
    const waits = step.cycle ? [...before, ...step.components] : before;
    for (const component of step.components)
      for (const deployment of deployments.get(component) ?? [])
        members.push({
          component,
          deployment,
          environment: environmentOf(facts, component, deployment),
          selected: named.has(component),
          dependsOn: waits.flatMap((other) => keysOf(facts, other, deployment, deployments)).sort(byCodeUnit),
          ...weightOf(facts, component, deployment),
        });
  }
  const key = (one: SetMember) => deploymentKey(one.component, one.deployment);
  return members.sort((a, b) => byCodeUnit(key(a), key(b)));
}

/** The deployment of a provider that one of its consumers reads; all of them where nothing tells which. */
function keysOf(
  { runtimes }: DeployFacts,
  provider: string,
  deployment: string,
  deployments: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const names = deployments.get(provider) ?? [];
  const counterpart = runtimes.counterpart(provider, deployment);
  const chosen = counterpart !== undefined && names.includes(counterpart) ? [counterpart] : names;
  return chosen.map((name) => deploymentKey(provider, name));
}

/** Outside Adage a deployment is often all that names the environment. */
function environmentOf({ components }: DeployFacts, component: string, deployment: string): string {
  const environment = components.get(component)?.row.environment ?? '';
  return environment === '' ? deployment : environment;
}

function weightOf({ records }: DeployFacts, component: string, deployment: string): Pick<SetMember, 'weight'> {
  const seconds = records.get(deploymentKey(component, deployment))?.last.seconds;
  return seconds === undefined ? {} : { weight: seconds };
}
