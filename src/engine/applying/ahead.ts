import type { Change } from '../../change/change.ts';
import type { Simulation } from '../../change/simulation.ts';
import { isKarmaError } from '../../model/errors.ts';
import { deploymentKey } from '../../model/record.ts';
import { followedBranch } from '../../observe/git/followed-branch.ts';
import type { OpenedChanges } from '../changing/opened-changes.ts';
import type { EngineContext } from '../context.ts';
import { status } from '../deployed/tell-status.ts';
import { prepare, tidy } from '../deploying/deploy.ts';
import { type ChosenMembers, chooseMembers } from '../deploying/members.ts';
import { type PublishedConfig, publishConfigs } from '../deploying/publish-configs.ts';
import { type Shared, sharedAt } from './becoming.ts';

/** What applying a change comes to, told before anything of it happens. */
export interface ApplyAhead {
  /** The branch that it becomes part of, and where that stands. */
  readonly ref: string;
  readonly from: string;
  /** It is laid over a base that moved. */
  readonly rebased: boolean;
  /** The branch that a pull request of it would be made of: nothing else happens before that is merged. */
  readonly offered?: string;
  /** By which commit it is part of the branch already. */
  readonly merged?: string;
  readonly shared?: Shared;
  /** Folders of work trees that go along. */
  readonly workTrees: readonly string[];
  readonly configs: readonly PublishedConfig[];
  /** What is run, as far as it is not skipped with proof. */
  readonly members: readonly {
    readonly component: string;
    readonly deployment: string;
    readonly environment: string;
  }[];
  /** Units among them, which Terragrunt runs in the work tree: the branch has to be checked out there, and nothing beside it. */
  readonly inWorkTree: readonly string[];
  readonly notRun: readonly { readonly component: string; readonly reason: string }[];
  readonly environments: readonly string[];
  /** Taken out of the estate, and left as it is deployed: `karma destroy` takes it away. */
  readonly left: readonly string[];
}

/** What configs a change writes, what runs of it and in which deployments, and what it leaves behind. */
export function partsOf({ comparison }: Simulation): {
  readonly written: readonly string[];
  readonly run: ReadonlyMap<string, readonly string[] | undefined>;
  readonly left: readonly string[];
} {
  const { changed, undecided, added, removed, affected, moved } = comparison;
  const run = new Map<string, readonly string[] | undefined>();
  for (const { id, deployments } of [...affected, ...changed, ...undecided]) run.set(id, deployments);
  for (const id of [...added, ...moved.map((one) => one.id)]) if (!run.has(id)) run.set(id, undefined);
  const written = [...new Set([...changed, ...undecided].map(({ id }) => id).concat(added))].sort();
  return { written, run, left: removed };
}

/** What a change only affects and nobody ever deployed: nothing of it is there to be affected, and nobody asked for it. */
export async function neverDeployed(
  context: EngineContext,
  { comparison, base }: Simulation,
): Promise<ReadonlyMap<string, string>> {
  const selection = comparison.affected.map(({ id }) => id);
  if (selection.length === 0) return new Map();
  const { components } = await status(context, { selection, at: base });
  return new Map(
    components.flatMap(({ component, deployment, status: word }) =>
      word === 'never run'
        ? [[deploymentKey(component, deployment), 'was never deployed: nothing of it is affected']]
        : [],
    ),
  );
}

/** Where a change lies to be merged. */
export function branchOffered({ id }: Pick<Change, 'id'>): string {
  return `karma/${id}`;
}

/** @param offers it is to be merged by a pull request, if it is not yet */
export async function aheadOf(
  context: EngineContext,
  opened: OpenedChanges,
  change: Pick<Change, 'id' | 'base' | 'merged'>,
  simulation: Simulation,
  offers = false,
): Promise<ApplyAhead> {
  const branch = await followedBranch(opened.repository, opened.branch);
  const shared = sharedAt(opened, branch);
  const { run, left } = partsOf(simulation);
  const idle = await neverDeployed(context, simulation);
  const { members, notRun, inWorkTree } = await membersAt(context, simulation.head, run, idle);
  return {
    ...{ ref: branch.ref, from: opened.followed.commit, rebased: change.base !== opened.followed.commit },
    ...(change.merged !== undefined
      ? { merged: change.merged.commit }
      : offers
        ? { offered: branchOffered(change) }
        : {}),
    ...(shared === undefined ? {} : { shared }),
    workTrees: branch.workTrees.map(({ root }) => root),
    configs: await configsOf(context, simulation, simulation.head, true),
    members: members.map(({ component, deployment, environment }) => ({ component, deployment, environment })),
    inWorkTree,
    notRun,
    environments: [...new Set(members.map(({ environment }) => environment))].sort(),
    left,
  };
}

async function membersAt(
  context: EngineContext,
  at: string,
  beside: ReadonlyMap<string, readonly string[] | undefined>,
  idle: ReadonlyMap<string, string>,
): Promise<ChosenMembers & Pick<ApplyAhead, 'inWorkTree'>> {
  if (beside.size === 0) return { members: [], notRun: [], inWorkTree: [] };
  const prepared = await prepare(context, { at });
  try {
    const chosen = await chooseMembers(prepared.facts, { selection: [], all: false, beside, idle });
    const { components } = prepared.facts;
    const units = chosen.members.filter(({ component }) => components.get(component)?.row.layout === 'terragrunt');
    return { ...chosen, inWorkTree: [...new Set(units.map(({ component }) => component))].sort() };
  } finally {
    tidy(prepared);
  }
}

/** Configs of what the change writes, to the Parameter Store: where the estate has one. */
export async function configsOf(
  context: EngineContext,
  simulation: Simulation,
  at: string,
  dryRun: boolean,
): Promise<readonly PublishedConfig[]> {
  const { written } = partsOf(simulation);
  if (written.length === 0 || !(await hasParameters(context))) return [];
  return publishConfigs(context, { selection: written, all: false, at, dryRun });
}

async function hasParameters({ stores }: EngineContext): Promise<boolean> {
  if (stores.places.some(({ store, adapter }) => store === 'parameters' && adapter === 'ssm')) return true;
  try {
    return (await stores.knownBindings()).length > 0;
  } catch (error) {
    // Where nobody can say, publishing says what is wrong.
    if (isKarmaError(error)) return true;
    throw error;
  }
}
