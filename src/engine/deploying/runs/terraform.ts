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
import type { RootRun, RunShape } from '../../../model/run-shape.ts';
import { outputDigestsOf, runtimeOf } from '../../../run/outputs.ts';
import { stateFileOf } from '../../../run/workplace.ts';
import type { KnownComponent } from '../../deployed/known-components.ts';
import { referencesOf } from '../../deployed/reconstruct-record.ts';
import type { DeployGround } from '../ground.ts';
import { backendArgument } from './backend-settings.ts';
import { finishWork, type ModuleFolder, moduleFolder, placeOf, type WorkWish } from './parts.ts';
import { linkStates } from './states.ts';

/** A plain root module: it gets its values from variable files and the environment, and keeps its state where it always did. */
export async function rootWork(
  ground: DeployGround,
  member: SetMember,
  component: KnownComponent,
  shape: RunShape,
  wish: WorkWish,
): Promise<ComponentWork> {
  const { root, module, place } = await rootPlace(ground, component, shape, member.deployment);
  await linkStates(ground, module);
  await readElsewhere(ground, component, member.deployment);
  const key = deploymentKey(member.component, member.deployment);
  const seen = ground.stateOf(component, member.deployment);
  const told = ground.left.get(key)?.outputs;
  const record = ground.records.get(key)?.finished;
  const ran = record !== undefined && !record.reconstructed && Object.keys(record.outputs).length > 0;
  return finishWork(ground, member, component, {
    wish,
    shape,
    module,
    ...place,
    environmentVariables: true,
    secrets: [],
    varFiles: root.varFiles.map((path) => join(module.place.folder, path)),
    handed: { files: digests(module.view, root.varFiles), workspace: root.workspace ?? null },
    outputsNow: seen?.digests ?? (told === undefined ? undefined : outputDigestsOf(told)),
    // A state somewhere else of what ran before, or in another workspace, is one that this run would not see.
    runtimeExists: ran || (seen !== undefined && !seen.empty) || seenElsewhere(ground, component),
    runtime: valuesOf(seen?.runtime.value ?? (told === undefined ? undefined : runtimeOf(told))),
    place: {},
  });
}

/** Where a root module runs and keeps its state. */
async function rootPlace(ground: DeployGround, component: KnownComponent, shape: RunShape, deployment: string) {
  const root = shape.roots?.[deployment] ?? { varFiles: [], backendFiles: [] };
  const module = await moduleFolder(ground, component.row.module);
  const workspace = root.workspace === undefined ? {} : { workspace: root.workspace };
  return { root, module, place: { root: true, ...workspace, ...backendOf(ground, module, root) } };
}

/**
 * States that lie in a store are read as Terraform tells their outputs: of the root itself and of those it reads, once a deploy
 * each. One that this machine never ran `init` for stays unread, and what reads it runs.
 */
async function readElsewhere(ground: DeployGround, component: KnownComponent, deployment: string): Promise<void> {
  const providers = referencesOf(ground.view, component.node).map(({ to }) => to);
  for (const id of [component.row.id, ...providers]) {
    const other = ground.components.get(id);
    const shape = ground.claims.get(id)?.run;
    if (other?.row.layout !== 'terraform' || shape === undefined || other.row.external) continue;
    const named = id === component.row.id ? deployment : ground.runtimes.counterpart(id, deployment);
    if (named === undefined || ground.stateOf(other, named) !== undefined) continue;
    await ground.once(`outputs ${deploymentKey(id, named)}`, () => readOutputs(ground, other, shape, named));
  }
}

async function readOutputs(
  ground: DeployGround,
  component: KnownComponent,
  shape: RunShape,
  deployment: string,
): Promise<void> {
  const key = deploymentKey(component.row.id, deployment);
  if (ground.left.has(key)) return;
  const { module, place } = await rootPlace(ground, component, shape, deployment);
  const workplace = placeOf(ground, key, { module, ...place });
  // A local state that is not there has nothing to tell.
  if (stateFileOf(workplace) !== undefined || !existsSync(workplace.dataFolder)) return;
  const { environment } = ground.tools.environment(true);
  const runFolder = join(ground.context.stores.dataFolder, 'runs');
  const control = { listen: () => undefined, signal: AbortSignal.timeout(60_000) };
  try {
    const outputs = await ground.tools.terraform().outputs({ ...workplace, id: key, runFolder, environment }, control);
    if (!ground.left.has(key)) ground.left.set(key, { outputs, state: undefined });
  } catch (error) {
    // Unread is an answer: nothing is skipped that rests on it.
    if (!isKarmaError(error)) throw error;
  }
}

function digests(view: FileView, paths: readonly string[]): readonly (readonly [string, string | null])[] {
  return paths.map((path) => [path, view.digest(path) ?? null] as const);
}

function seenElsewhere({ sightings, components }: DeployGround, { row }: KnownComponent): boolean | undefined {
  const known = components.get(row.id)?.deployments ?? [];
  const others = sightings.deployments(row.id).filter((name) => !known.includes(name));
  return others.some((name) => sightings.of(row.id, name)?.empty === false) ? true : undefined;
}

function valuesOf(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' ? { ...value } : {};
}

/** What backend files add to the block, and what `karma.yaml` says for all. */
function backendOf(
  { estate }: DeployGround,
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
