import { dirname, join } from 'node:path';
import { isConfiguration } from '../../infer/terraform/module-files.ts';
import { byCodeUnit, sha256 } from '../../model/digest.ts';
import { deploymentKey, type Seal } from '../../model/record.ts';
import {
  fileMark,
  isTrouble,
  type StateDocument,
  type StateTrouble,
  stateAt,
  statesIn,
  statesInTerragruntCache,
  workspacesIn,
} from '../../observe/estate/states.ts';
import type { OpenedEstate } from '../view/open-estate.ts';
import type { KnownComponent } from './known-components.ts';
import { type ObservedState, observedState } from './observed-state.ts';
import { StateNames, type StateOwner } from './state-names.ts';

/** Everything that states and outputs show, deployment by deployment, and what of it belongs to nobody. */
export interface ObservedStates {
  readonly names: StateNames;
  of(component: string, deployment: string): ObservedState | undefined;
  /** Where the local state of a deployment must lie and does not; undefined when it is there, or lies elsewhere. */
  absent(component: string, deployment: string): string | undefined;
  /** Deployments that were seen, by component; among them such as no file of the estate names. */
  deployments(component: string): readonly string[];
  /** Files given that match nothing or cannot be used. Sorted. */
  readonly unmatched: readonly StateTrouble[];
  readonly matched: number;
}

export interface StatesQuery {
  readonly estate: OpenedEstate | undefined;
  readonly components: readonly KnownComponent[];
  /** A folder of pulled states or outputs, or one file. */
  readonly states?: string;
  readonly seal: Seal;
  /** Lineage → whose state has it, from records. */
  readonly lineages?: ReadonlyMap<string, StateOwner>;
  /** Local states that runs of Karma's own named: path → owner. */
  readonly places?: ReadonlyMap<string, StateOwner>;
  /** Among several that a path fits, which counts: one account's or environment's. */
  readonly prefer?: (component: string) => boolean;
}

/** Reads states beside modules, and those given; of two for one deployment the later one counts. */
export function observeStates(query: StatesQuery): ObservedStates {
  const found = new Map<string, ObservedState>();
  const seen = new Map<string, Set<string>>();
  const absent = new Map<string, string>();
  const unmatched: StateTrouble[] = [];
  const names = namesOf(query.components);
  let matched = 0;
  const take = (owner: StateOwner, document: StateDocument, own: boolean): string | undefined => {
    const observation = observedState({ ...document, file: document.path, own }, query.seal);
    if ('reason' in observation) return observation.reason;
    const key = deploymentKey(owner.component, owner.deployment);
    const before = found.get(key);
    if (before === undefined || isLater(observation, before)) found.set(key, observation);
    (seen.get(owner.component) ?? put(seen, owner.component)).add(owner.deployment);
    matched += 1;
    return undefined;
  };
  for (const place of localPlaces(query, names)) {
    const document = stateAt(place.absolute, place.within);
    if (document === undefined) {
      if (place.expected) absent.set(deploymentKey(place.owner.component, place.owner.deployment), place.shown);
    } else if (isTrouble(document)) unmatched.push(document);
    else {
      const reason = take(place.owner, document, true);
      if (reason !== undefined) unmatched.push({ path: document.path, reason });
    }
  }
  for (const document of query.states === undefined ? [] : statesIn(query.states)) {
    if (isTrouble(document)) {
      unmatched.push(document);
      continue;
    }
    const owner = ownerOf(document, names, query);
    const reason = 'reason' in owner ? owner.reason : take(owner, document, false);
    if (reason !== undefined) unmatched.push({ path: document.path, reason });
  }
  return {
    names,
    of: (component, deployment) => found.get(deploymentKey(component, deployment)),
    absent: (component, deployment) => {
      const key = deploymentKey(component, deployment);
      return found.has(key) ? undefined : absent.get(key);
    },
    deployments: (component) => [...(seen.get(component) ?? [])].sort(byCodeUnit),
    unmatched: unmatched.sort((a, b) => byCodeUnit(a.path, b.path)),
    matched,
  };
}

function put(map: Map<string, Set<string>>, key: string): Set<string> {
  const set = new Set<string>();
  map.set(key, set);
  return set;
}

/** Equal as long as every local state there may be is the file that it was, or still not there. */
export function statesMark(query: StatesQuery): string {
  const lines = localPlaces(query, namesOf(query.components)).map(
    ({ owner, absolute }) => `${owner.component} ${owner.deployment} ${absolute} ${fileMark(absolute)}`,
  );
  return sha256(lines.join('\n'));
}

const names = new WeakMap<readonly KnownComponent[], StateNames>();

function namesOf(components: readonly KnownComponent[]): StateNames {
  const made = names.get(components) ?? new StateNames(components);
  names.set(components, made);
  return made;
}

/** A state beats outputs, and the later serial of one lineage the earlier; else the file written last. */
function isLater(now: ObservedState, before: ObservedState): boolean {
  if (now.kind !== before.kind) return now.kind === 'state';
  if (now.state !== undefined && now.state.lineage === before.state?.lineage)
    return now.state.serial > before.state.serial;
  return now.modifiedAt > before.modifiedAt;
}

function ownerOf(
  { path, document }: StateDocument,
  names: StateNames,
  { lineages, prefer }: StatesQuery,
): StateOwner | { readonly reason: string } {
  const found = names.find(path);
  if (found.kind === 'one') return found.owner;
  const lineage = lineageOf(document);
  const known = lineage === undefined ? undefined : lineages?.get(lineage);
  if (known !== undefined) return known;
  if (found.kind === 'none') return { reason: 'its name fits no component' };
  const preferred = prefer === undefined ? [] : found.components.filter(prefer);
  const [only] = preferred;
  if (preferred.length === 1 && only !== undefined)
    return { component: only, deployment: names.deploymentFor(only, 'default') };
  return {
    reason: `its name fits ${found.components.slice(0, 4).join(', ')}${found.components.length > 4 ? ' …' : ''}`,
  };
}

function lineageOf(document: unknown): string | undefined {
  const lineage =
    document !== null && typeof document === 'object' && 'lineage' in document ? document.lineage : undefined;
  return typeof lineage === 'string' && lineage !== '' ? lineage : undefined;
}

interface LocalPlace {
  readonly owner: StateOwner;
  readonly absolute: string;
  readonly within: string;
  readonly shown: string;
  /** The estate says that the state lies exactly here. */
  readonly expected: boolean;
}

/** Where local states of components lie: beside the module, where a `local` backend says, where Karma's runs kept them. */
function localPlaces({ estate, components, places }: StatesQuery, names: StateNames): readonly LocalPlace[] {
  const found: LocalPlace[] = [];
  for (const { row, addresses, deployments } of components) {
    if (row.external || row.layout === 'adage') continue;
    const source = sourceOf(estate, row.path);
    if (source === undefined) continue;
    const { root, within, path } = source;
    const add = (relative: string, workspace: string, expected: boolean) =>
      found.push({
        owner: { component: row.id, deployment: names.deploymentFor(row.id, workspace) },
        absolute: join(root, relative),
        within,
        shown: relative,
        expected,
      });
    const withWorkspaces = (folder: string, expected: boolean) => {
      const named = deployments.filter((name) => expected && name !== '' && name !== 'default');
      for (const workspace of new Set([...named, ...workspacesIn(join(root, folder))]))
        add(join(folder, workspace, 'terraform.tfstate'), workspace, named.includes(workspace));
    };
    const local = addresses.filter((one) => one.startsWith('local:')).map((one) => one.slice('local:'.length));
    for (const address of local) add(address, 'default', true);
    const folder = workspaceFolder(estate, row.module);
    withWorkspaces(folder === undefined ? join(path, 'terraform.tfstate.d') : join(path, folder), local.length > 0);
    const beside = join(path, 'terraform.tfstate');
    if (!local.includes(beside)) add(beside, 'default', false);
    if (row.layout === 'terragrunt')
      for (const cached of statesInTerragruntCache(join(root, path))) add(join(path, cached), 'default', false);
  }
  for (const [absolute, owner] of places ?? [])
    found.push({ owner, absolute, within: dirname(absolute), shown: absolute, expected: true });
  return found;
}

/** `workspace_dir` of a local backend, as written: a backend block takes no expressions. */
function workspaceFolder(estate: OpenedEstate | undefined, module: string): string | undefined {
  const colon = module.indexOf(':');
  const view = estate?.view.repos.get(colon < 0 ? '' : module.slice(0, colon));
  const folder = module.slice(colon + 1);
  if (view === undefined || !view.isDirectory(folder)) return undefined;
  for (const { name, kind } of view.list(folder)) {
    if (kind !== 'file' || !isConfiguration(name)) continue;
    const text = view.read(folder === '' ? name : `${folder}/${name}`) ?? '';
    const found = /backend\s+"?local"?\s*\{[^}]*?\bworkspace_dir\s*=\s*"([^"]*)"/.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The folder on disk that a component's path starts from. Nothing lies on disk beside a bare repository. */
function sourceOf(
  estate: OpenedEstate | undefined,
  place: string,
): { readonly root: string; readonly within: string; readonly path: string } | undefined {
  const colon = place.indexOf(':');
  const [name, path] = colon < 0 ? ['', place] : [place.slice(0, colon), place.slice(colon + 1)];
  const source = estate?.observation.opened.find((one) => one.name === name);
  if (source === undefined || source.repository?.bare === true) return undefined;
  return { root: source.folder, within: source.repository?.root ?? source.folder, path };
}
