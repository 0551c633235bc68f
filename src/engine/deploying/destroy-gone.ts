import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { KeptRecords } from '../../deploy/records.ts';
import type { ComponentWork, SetMember } from '../../deploy/set.ts';
import { find } from '../../graph/operations/find.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { isKarmaError, KarmaError } from '../../model/errors.ts';
import { deploymentKey, type RunRecord } from '../../model/record.ts';
import { fileNameOf } from '../../run/workplace.ts';
import { loadView } from '../view/load-view.ts';
import { workingDirectoryOf } from '../view/view.ts';
import { type DeployFacts, deployFacts } from './deploy-facts.ts';
import type { MembersOptions } from './members.ts';
import { workOf } from './runs/component-work.ts';
import type { WorkOptions } from './runs/finish-work.ts';

/**
 * What is deployed though the estate does not have it any more: its config or its module is gone. Its last record says what it
 * was made from; at that commit both are still there.
 */
export interface GoneMembers {
  readonly members: readonly SetMember[];
  /** The rest of what was asked for, for what the estate still has. */
  readonly options: MembersOptions;
  work(member: SetMember): Promise<ComponentWork> | undefined;
  remove(): void;
}

export async function goneMembers(facts: DeployFacts, options: MembersOptions, run: WorkOptions): Promise<GoneMembers> {
  const chosen = new Map<string, RunRecord>();
  const rest: string[] = [];
  const gone = [...facts.records].flatMap(([key, kept]) => (isGone(facts, kept) ? [[key, kept.last] as const] : []));
  if (options.all && options.selection.length === 0) for (const [key, record] of gone) chosen.set(key, record);
  for (const text of options.selection) {
    const known = find(facts.view.graph, text, { workingDirectory: workingDirectoryOf(facts.view) });
    const meant = gone.filter(([key, { component }]) => fits(text, key) || fits(text, component));
    // What is left of it in a store may still be a node: somebody else's, as it seems.
    const nodes = known.found ? known.nodes.map((node) => facts.view.graph.id(node)) : [];
    const here = nodes.length > 0 && !nodes.some((id) => meant.some(([, { component }]) => component === id));
    if (here || meant.length === 0) rest.push(text);
    else for (const [key, record] of meant) chosen.set(key, record);
  }
  const members = [...chosen.values()].map(memberOf).sort((a, b) => byCodeUnit(keyOf(a), keyOf(b)));
  const others = new Map<string, Promise<DeployFacts | undefined>>();
  return {
    members,
    options: { ...options, selection: rest },
    work: (member) => {
      const record = chosen.get(keyOf(member));
      return record === undefined ? undefined : workThen(facts, others, member, record, run);
    },
    remove: () => {
      for (const one of others.values()) void one.then((made) => made?.folders.remove());
    },
  };
}

function fits(text: string, name: string): boolean {
  return name === text || name.endsWith(`/${text}`);
}

function keyOf({ component, deployment }: SetMember): string {
  return deploymentKey(component, deployment);
}

/** Deployed by a run of Karma's own, and nothing in the estate says any more how to run it. */
function isGone({ components, view }: DeployFacts, { finished, last }: KeptRecords): boolean {
  if (finished === undefined || finished.reconstructed || last.action === 'destroy') return false;
  const row = components.get(finished.component)?.row;
  if (row === undefined || row.external) return true;
  return row.layout !== 'terragrunt' && view.graph.types().get(row.module) === undefined;
}

function memberOf({ component, deployment, place, dependsOn }: RunRecord): SetMember {
  return { component, deployment, environment: place?.environment ?? '', selected: true, dependsOn };
}

async function workThen(
  facts: DeployFacts,
  others: Map<string, Promise<DeployFacts | undefined>>,
  member: SetMember,
  record: RunRecord,
  run: WorkOptions,
): Promise<ComponentWork> {
  const commit = record.place?.commit ?? record.commit;
  if (commit !== undefined) {
    const known = others.get(commit) ?? factsAt(facts, commit);
    others.set(commit, known);
    const then = await known;
    if (then?.components.get(member.component) !== undefined) return workOf(then, run)(member);
  }
  return stateAlone(facts, member, record);
}

async function factsAt({ context, folders }: DeployFacts, commit: string): Promise<DeployFacts | undefined> {
  try {
    const view = await loadView(context, commit, { needsEstate: true, needsClaims: true });
    return view.estate === undefined
      ? undefined
      : await deployFacts(context, view, view.estate, `${folders.deploy}-${commit.slice(0, 8)}`);
  } catch (error) {
    // A commit that was pruned, or never fetched: the state alone must do.
    if (isKarmaError(error)) return undefined;
    throw error;
  }
}

/** Nothing but the state is left: Terraform destroys what stands in it from an empty folder. */
async function stateAlone(facts: DeployFacts, member: SetMember, record: RunRecord): Promise<ComponentWork> {
  const key = keyOf(member);
  const state = record.place?.state;
  if (state === undefined)
    throw new KarmaError(
      'KARMA_REFUSED',
      `${key} is in no config, and neither commit nor state of its last run is known`,
      {
        hint: 'bring its config back, or destroy it with Terraform',
      },
    );
  const { dataFolder } = facts.context.stores;
  const folder = join(dataFolder, 'terraform', fileNameOf(key), 'empty');
  mkdirSync(folder, { recursive: true });
  const { runtime } = record.place ?? {};
  const runner = facts.tools.terraform();
  const { id: _id, action: _action, source: _source, ...inputs } = record;
  return {
    inputs: { ...inputs, binary: await runner.version() },
    runner,
    job: {
      folder,
      dataFolder: join(dataFolder, 'terraform', fileNameOf(key)),
      state,
      init: false,
      environment: facts.tools.environment(false).environment,
    },
    outputsNow: undefined,
    runtimeExists: undefined,
    ...(runtime === undefined
      ? {}
      : {
          publish: {
            store: await facts.live.store(member.deployment || member.environment || 'default'),
            name: runtime,
          },
        }),
    ...(record.place === undefined ? {} : { place: record.place }),
  };
}
