import { join } from 'node:path';
import type { JsonObject } from '../../../config/merge-patch.ts';
import type { OutsideConsumer } from '../../../consequence/contract.ts';
import { parseObject } from '../../../consequence/reconstruct/read.ts';
import type { ComponentWork, SetMember } from '../../../deploy/set.ts';
import { byCodeUnit, digestOf, sha256 } from '../../../model/digest.ts';
import { deploymentKey, type RecordPlace, type StateMark } from '../../../model/record.ts';
import type { ReferenceRow } from '../../../model/reference.ts';
import type { RunSetup } from '../../../model/run-setup.ts';
import { holdsSecret } from '../../../model/secrets/value-digest.ts';
import { patientGrace } from '../../../run/child.ts';
import { secretsOfEnvironment } from '../../../run/environment.ts';
import type { RunJob, Runner } from '../../../run/port.ts';
import { stateFileOf, type Workplace, workplaceOf } from '../../../run/workplace.ts';
import type { KnownComponent } from '../../deployed/known-components.ts';
import type { DeployFacts } from '../deploy-facts.ts';
import { absentReads } from './absent.ts';
import { checksOf } from './checks.ts';
import { wouldNoticeEmptyState } from './empty-state.ts';
import { asFolderNames } from './local-backend.ts';
import type { ModuleFolder } from './module-folder.ts';
import { watchedRunner } from './runner.ts';

export interface WorkOptions {
  readonly action: 'apply' | 'destroy';
  /** `off`: contracts are not looked at. */
  readonly contracts: boolean;
  readonly outside: readonly OutsideConsumer[];
}

/** What one component of an Adage estate is run with: variables of a plain module, or what a self-publishing one needs. */
export interface AdageRun {
  readonly facts: DeployFacts;
  readonly member: SetMember;
  readonly component: KnownComponent;
  readonly setup: RunSetup;
  readonly binding: string;
  readonly module: ModuleFolder;
  readonly own: Readonly<Record<string, string>>;
  readonly config: JsonObject;
}

/** What is particular to one component's run; everything else is the same for all. */
export interface WorkParts {
  readonly options: WorkOptions;
  readonly setup: RunSetup | undefined;
  readonly module: ModuleFolder;
  readonly secrets: readonly string[];
  readonly runner?: Runner;
  readonly variables?: RunJob['variables'];
  readonly sensitive?: RunJob['sensitive'];
  readonly varFiles?: RunJob['varFiles'];
  readonly workspace?: string;
  readonly backendConfig?: RunJob['backendConfig'];
  /** Environment beside what every run gets. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether `TF_VAR_…` of the person goes in. */
  readonly environmentVariables?: boolean;
  /** Whether the module is a root of its own, not one that Karma hands each component its variables. */
  readonly root?: boolean;
  /** Whatever else is handed over, without what others published: goes into the digest of the variables. */
  readonly handed: object;
  readonly outputsNow: ComponentWork['outputsNow'];
  readonly runtimeExists: boolean | undefined;
  readonly runtime: Readonly<Record<string, unknown>>;
  readonly publish?: NonNullable<ComponentWork['publish']>;
  readonly readBack?: NonNullable<ComponentWork['readBack']>;
  readonly place: Partial<RecordPlace>;
  /** What it reads of others and is not there, beside what the graph shows. */
  readonly absent?: readonly string[];
  readonly refusal?: ComponentWork['refusal'];
  /** What another program needs otherwise in a job. */
  readonly jobOf?: (job: RunJob) => RunJob;
}

/** How the program of one run is told what to do. */
export type Program = Pick<WorkParts, 'handed'> & Partial<WorkParts>;

export async function finishWork(
  facts: DeployFacts,
  member: SetMember,
  component: KnownComponent,
  parts: WorkParts,
): Promise<ComponentWork> {
  const { module, options } = parts;
  const key = deploymentKey(member.component, member.deployment);
  const child = facts.tools.environment(parts.environmentVariables === true).environment;
  const environment = { ...child, ...parts.environment };
  const runner = parts.runner ?? facts.tools.terraform();
  const binary = await runner.version();
  const workplace = placeOf(facts, key, parts);
  const told = decidingIn(environment);
  const variables = facts.seal({ handed: parts.handed, environment: told });
  await refreshProviders(facts, component, member);
  const inputs = { ...facts.inputs(component, member.deployment, { binary, variables }) };
  const commit = facts.folders.commit;
  const { commit: _commit, ...uncommitted } = inputs;
  const secrets = [...parts.secrets, ...secretsOfEnvironment(environment)];
  const alsoWritten = namesWrittenByOthers(facts, component, parts, key);
  // The state's place as this machine names it; what `init` is told names it as the folder does.
  const state = stateFileOf(jobBy(parts, { ...workplace, environment }));
  const job = jobBy(parts, {
    ...workplace,
    ...backendFrom(workplace, module),
    reconfigure: wouldNoticeEmptyState(facts, key, parts.runtimeExists, workplace),
    environment,
    secrets,
    initKey: digestOf([inputs.module?.digest, inputs.lockFile, binary, workplace.backendConfig ?? {}, parts.handed]),
    ...given(parts, 'variables', 'sensitive', 'varFiles'),
  });
  return {
    inputs: commit === undefined ? uncommitted : { ...inputs, commit },
    runner: watchedRunner(runner, {
      seal: facts.seal,
      secrets: parts.secrets,
      onOutputs: (outputs) => facts.left.set(key, { outputs, state }),
    }),
    job,
    outputsNow: parts.outputsNow,
    stateNow: () => stateNow(facts, key, runner, job),
    runtimeExists: parts.runtimeExists,
    ...given(parts, 'readBack', 'refusal'),
    ...(options.action === 'destroy' ? {} : { absent: absentOf(parts, absentReads(facts, member, component)) }),
    ...publishOf(facts, component, parts, key),
    ...(alsoWritten.size === 0 ? {} : { alsoWritten }),
    ...stepsOf(facts, member, parts, environment, secrets),
    ...(options.action === 'destroy' ? {} : checkWork(facts, member, component, parts, { environment, secrets })),
    place: {
      repo: module.repo,
      folder: module.path,
      environment: member.environment,
      ...(module.place.commit === undefined ? {} : { commit: module.place.commit }),
      ...(state === undefined ? {} : { state }),
      ...parts.place,
    },
    ...(options.action === 'destroy' || !options.contracts
      ? {}
      : {
          contract: {
            runtime: parts.runtime,
            ...writesOf(component, parts),
            references: referencesTo(facts, component.node),
            outside: options.outside,
          },
        }),
  };
}

/** A state that lies elsewhere is asked for, patiently; a store that does not answer is no reason to stand still. */
function stateNow(
  { context }: DeployFacts,
  key: string,
  runner: Runner,
  job: ComponentWork['job'],
): Promise<StateMark | undefined> {
  const runFolder = join(context.stores.dataFolder, 'runs');
  const control = { listen: () => undefined, signal: AbortSignal.timeout(60_000) };
  return runner.state({ ...job, id: key, runFolder }, control);
}

function backendFrom({ backendConfig, folder }: Workplace, { needs }: ModuleFolder): Pick<RunJob, 'backendConfig'> {
  if (backendConfig === undefined || needs.backend !== 'local') return {};
  return { backendConfig: asFolderNames(backendConfig, folder) };
}

function absentOf({ absent = [] }: WorkParts, shown: readonly string[]): readonly string[] {
  return [...new Set([...absent, ...shown])].sort(byCodeUnit);
}

/** A module of an Adage estate that publishes itself writes a runtime whose names are not its Terraform outputs. */
function writesOf({ row }: KnownComponent, { setup }: WorkParts): { readonly writes?: readonly string[] | '*' } {
  return row.layout === 'adage' && setup?.selfPublishing === true ? { writes: row.outputs ?? '*' } : {};
}

function jobBy({ jobOf }: WorkParts, job: ComponentWork['job']): ComponentWork['job'] {
  if (jobOf === undefined) return job;
  const { id: _id, runFolder: _folder, ...rest } = jobOf({ ...job, id: '', runFolder: '' });
  return rest;
}

export function placeOf(
  facts: DeployFacts,
  key: string,
  { module, root, workspace, backendConfig }: Pick<WorkParts, 'module' | 'root' | 'workspace' | 'backendConfig'>,
): Workplace {
  const { folder, original, needs, place } = module;
  const found = workplaceOf({
    data: facts.context.stores.dataFolder,
    key,
    folder,
    original,
    // Beside a bare repository nothing can lie.
    root: root === true && !place.bare,
    needs,
    ...(workspace === undefined ? {} : { workspace }),
  });
  const backend = { ...found.backendConfig, ...backendConfig };
  return Object.keys(backend).length === 0 ? found : { ...found, backendConfig: backend };
}

/** Values of the environment that decide what a run does; credentials change by the hour and decide nothing. */
const deciding =
  /^(TF_VAR_.*|IAC_.*|AWS_REGION|AWS_DEFAULT_REGION|AWS_PROFILE|ARM_SUBSCRIPTION_ID|ARM_TENANT_ID|GOOGLE_PROJECT|GOOGLE_REGION|CLOUDSDK_CORE_PROJECT)$/;

function decidingIn(environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => deciding.test(name)));
}

/** A record of a provider may be new since this deploy began: what is looked up in the cloud rests on it. */
async function refreshProviders(facts: DeployFacts, component: KnownComponent, member: SetMember): Promise<void> {
  const { graph } = facts.view;
  const { outStart } = graph.adjacency;
  for (let edge = outStart[component.node] ?? 0; edge < (outStart[component.node + 1] ?? 0); edge++) {
    const { to, marks } = graph.reference(edge);
    if (marks.includes('cloud')) await facts.refreshRecord(to, facts.runtimes.counterpart(to, member.deployment) ?? '');
  }
}

function namesWrittenByOthers(
  facts: DeployFacts,
  component: KnownComponent,
  { setup, outputsNow }: WorkParts,
  key: string,
): ReadonlySet<string> {
  const named = setup?.alsoWritten ?? [];
  if (!named.includes('*') && !component.alsoWritten) return new Set(named);
  const recorded = facts.records.get(key)?.last.outputs ?? {};
  return new Set([...named, ...Object.keys(recorded), ...Object.keys(outputsNow ?? {})].sort(byCodeUnit));
}

/** The runtime's own parameter; outputs in it that no run of the module wrote stay when others write there too. */
function publishOf(
  facts: DeployFacts,
  component: KnownComponent,
  { publish, setup }: WorkParts,
  key: string,
): Pick<ComponentWork, 'publish'> {
  if (publish === undefined) return {};
  const digest = (text: string) => (holdsSecret(parseObject(text)) ? digestOf(facts.seal(text)) : sha256(text));
  const named = new Set(setup?.alsoWritten ?? []);
  const any = named.has('*') || component.alsoWritten;
  if (named.size === 0 && !any) return { publish: { ...publish, digest } };
  const recorded = facts.records.get(key)?.last.outputs ?? {};
  const keep = (name: string) => named.has(name) || (any && !Object.hasOwn(recorded, name));
  return { publish: { ...publish, keep, digest } };
}

function referencesTo({ view }: DeployFacts, node: number): readonly ReferenceRow[] {
  const { graph } = view;
  const { inStart, inEdges } = graph.adjacency;
  const found: ReferenceRow[] = [];
  for (let at = inStart[node] ?? 0; at < (inStart[node + 1] ?? 0); at++) found.push(graph.reference(inEdges[at] ?? 0));
  return found;
}

function stepsOf(
  facts: DeployFacts,
  member: SetMember,
  { setup, module, environment: own }: WorkParts,
  environment: Readonly<Record<string, string>>,
  secrets: readonly string[],
): Pick<ComponentWork, 'steps'> {
  const all = setup?.steps ?? [];
  if (all.length === 0) return {};
  const of = (when: 'before' | 'after') =>
    all.filter((step) => step.when === when).map(({ name, run }) => ({ name, command: run, folder: module.folder }));
  const options = programOptions(facts, member, { ...environment, ...own }, secrets);
  return { steps: { before: of('before'), after: of('after'), options } };
}

function checkWork(
  facts: DeployFacts,
  member: SetMember,
  component: KnownComponent,
  { module, environment: own }: WorkParts,
  {
    environment,
    secrets,
  }: { readonly environment: Readonly<Record<string, string>>; readonly secrets: readonly string[] },
): Pick<ComponentWork, 'checks'> {
  const checks = checksOf(facts, member, component);
  if (checks === undefined) return {};
  const options = programOptions(facts, member, { ...environment, ...own }, secrets);
  return { checks: { ...checks, folder: module.folder, options } };
}

/** What a program that the type declares is started with. */
function programOptions(
  { host }: DeployFacts,
  member: SetMember,
  environment: Readonly<Record<string, string>>,
  secrets: readonly string[],
) {
  const told = { KARMA_COMPONENT: member.component, KARMA_ENVIRONMENT: member.environment };
  return { environment: { ...environment, ...told }, secrets, host, grace: patientGrace };
}

/** The named members that are there. */
function given<T extends object, K extends keyof T>(from: T, ...names: readonly K[]): { [P in K]?: NonNullable<T[P]> } {
  const found: { [P in K]?: NonNullable<T[P]> } = {};
  for (const name of names) {
    const value = from[name];
    if (value !== undefined && value !== null) found[name] = value as NonNullable<T[K]>;
  }
  return found;
}
