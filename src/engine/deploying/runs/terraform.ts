import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ComponentWork, SetMember } from '../../../deploy/set.ts';
import { evaluate } from '../../../hcl/evaluate.ts';
import { EvaluationError } from '../../../hcl/scope.ts';
import { parseTfvars } from '../../../hcl/tfvars.ts';
import { isWhollyKnown, type Value } from '../../../hcl/value.ts';
import { isKarmaError } from '../../../model/errors.ts';
import type { FileView } from '../../../model/file-view.ts';
import { deploymentKey } from '../../../model/record.ts';
import type { RootRun, RunSetup } from '../../../model/run-setup.ts';
import { outputDigestsOf, runtimeOf } from '../../../run/outputs.ts';
import { stateFileOf } from '../../../run/workplace.ts';
import type { KnownComponent } from '../../deployed/known-components.ts';
import { referencesOf } from '../../deployed/reconstruct-record.ts';
import type { DeployFacts } from '../deploy-facts.ts';
import { backendArgument } from './backend-settings.ts';
import { finishWork, placeOf, type WorkOptions } from './finish-work.ts';
import { type ModuleFolder, moduleFolder } from './module-folder.ts';
import { linkStates } from './states.ts';

/** A plain root module: it gets its values from variable files and the environment, and keeps its state where it always did. */
export async function rootWork(
  facts: DeployFacts,
  member: SetMember,
  component: KnownComponent,
  setup: RunSetup,
  options: WorkOptions,
): Promise<ComponentWork> {
  const { root, module, place } = await rootPlace(facts, component, setup, member.deployment);
  await linkStates(facts, module);
  await readElsewhere(facts, component, member.deployment);
  const key = deploymentKey(member.component, member.deployment);
  const seen = facts.stateOf(component, member.deployment);
  const told = facts.left.get(key)?.outputs;
  const record = facts.records.get(key)?.finished;
  const ran = record !== undefined && !record.reconstructed && Object.keys(record.outputs).length > 0;
  return finishWork(facts, member, component, {
    options,
    setup,
    module,
    ...place,
    environmentVariables: true,
    secrets: [],
    varFiles: root.varFiles.map((path) => join(module.place.folder, path)),
    handed: { files: digests(module.view, root.varFiles), workspace: root.workspace ?? null },
    outputsNow: seen?.digests ?? (told === undefined ? undefined : outputDigestsOf(told)),
    // A state somewhere else of what ran before, or in another workspace, is one that this run would not see.
    runtimeExists: ran || (seen !== undefined && !seen.empty) || seenElsewhere(facts, component),
    runtime: valuesOf(seen?.runtime.value ?? (told === undefined ? undefined : runtimeOf(told))),
    place: {},
  });
}

/** Where a root module runs and keeps its state. */
async function rootPlace(facts: DeployFacts, component: KnownComponent, setup: RunSetup, deployment: string) {
  const root = setup.roots?.[deployment] ?? { varFiles: [], backendFiles: [] };
  const module = await moduleFolder(facts, component.row.module);
  const workspace = root.workspace === undefined ? {} : { workspace: root.workspace };
  return { root, module, place: { root: true, ...workspace, ...backendOf(facts, module, root) } };
}

/**
 * States that lie in a store are read as Terraform tells their outputs: of the root itself and of those it reads, once a deploy
 * each. One that this machine never ran `init` for stays unread, and what reads it runs.
 */
async function readElsewhere(facts: DeployFacts, component: KnownComponent, deployment: string): Promise<void> {
  const providers = referencesOf(facts.view, component.node).map(({ to }) => to);
  for (const id of [component.row.id, ...providers]) {
    const other = facts.components.get(id);
    const setup = facts.claims.get(id)?.run;
    if (other?.row.layout !== 'terraform' || setup === undefined || other.row.external) continue;
    const named = id === component.row.id ? deployment : facts.runtimes.counterpart(id, deployment);
    if (named === undefined || facts.stateOf(other, named) !== undefined) continue;
    await facts.once(`outputs ${deploymentKey(id, named)}`, () => readOutputs(facts, other, setup, named));
  }
}

async function readOutputs(
  facts: DeployFacts,
  component: KnownComponent,
  setup: RunSetup,
  deployment: string,
): Promise<void> {
  const key = deploymentKey(component.row.id, deployment);
  if (facts.left.has(key)) return;
  const { module, place } = await rootPlace(facts, component, setup, deployment);
  const workplace = placeOf(facts, key, { module, ...place });
  // A local state that is not there has nothing to tell.
  if (stateFileOf(workplace) !== undefined || !existsSync(workplace.dataFolder)) return;
  const { environment } = facts.tools.environment(true);
  const runFolder = join(facts.context.stores.dataFolder, 'runs');
  const control = { listen: () => undefined, signal: AbortSignal.timeout(60_000) };
  try {
    const outputs = await facts.tools.terraform().outputs({ ...workplace, id: key, runFolder, environment }, control);
    if (!facts.left.has(key)) facts.left.set(key, { outputs, state: undefined });
  } catch (error) {
    // Unread is an answer: nothing is skipped that rests on it.
    if (!isKarmaError(error)) throw error;
  }
}

function digests(view: FileView, paths: readonly string[]): readonly (readonly [string, string | null])[] {
  return paths.map((path) => [path, view.digest(path) ?? null] as const);
}

function seenElsewhere({ observed, components }: DeployFacts, { row }: KnownComponent): boolean | undefined {
  const known = components.get(row.id)?.deployments ?? [];
  const others = observed.deployments(row.id).filter((name) => !known.includes(name));
  return others.some((name) => observed.of(row.id, name)?.empty === false) ? true : undefined;
}

function valuesOf(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' ? { ...value } : {};
}

/** What backend files add to the block, and what `karma.yaml` says for all. */
function backendOf(
  { estate }: DeployFacts,
  { view }: ModuleFolder,
  { backendFiles }: RootRun,
): { readonly backendConfig?: Readonly<Record<string, string>> } {
  const settings: Record<string, string> = {};
  const general = estate.karmaFile?.terraform.backend;
  if (general !== null && typeof general === 'object')
    for (const [name, value] of Object.entries(general)) setIn(settings, name, backendArgument(value));
  for (const path of backendFiles) {
    const file = parseTfvars(view.read(path) ?? '', path.endsWith('.json'));
    for (const { name, value } of file.body.attributes.values()) {
      setIn(
        settings,
        name,
        argumentOf(() => evaluate(value, { lookup: () => undefined })),
      );
    }
  }
  return Object.keys(settings).length === 0 ? {} : { backendConfig: settings };
}

function setIn(settings: Record<string, string>, name: string, argument: string | undefined): void {
  if (argument !== undefined) settings[name] = argument;
}

function argumentOf(read: () => Value): string | undefined {
  try {
    const value = read();
    return isWhollyKnown(value) ? backendArgument(value) : undefined;
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}
