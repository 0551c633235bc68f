import { join } from 'node:path';
import type { ComponentWork, SetMember } from '../deploy/set.ts';
import { evaluate } from '../hcl/evaluate.ts';
import { EvaluationError } from '../hcl/scope.ts';
import { parseTfvars } from '../hcl/tfvars.ts';
import type { FileView } from '../model/file-view.ts';
import { deploymentKey } from '../model/record.ts';
import type { RootRun, RunShape } from '../model/run-shape.ts';
import type { DeployGround } from './deploy-ground.ts';
import type { KnownComponent } from './known-components.ts';
import { finishWork, type ModuleFolder, moduleFolder, type WorkWish } from './work-parts.ts';
import { linkStates } from './work-states.ts';

/** A plain root module: it gets its values from variable files and the environment, and keeps its state where it always did. */
export async function rootWork(
  ground: DeployGround,
  member: SetMember,
  component: KnownComponent,
  shape: RunShape,
  wish: WorkWish,
): Promise<ComponentWork> {
  const root = shape.roots?.[member.deployment] ?? { varFiles: [], backendFiles: [] };
  const module = await moduleFolder(ground, component.row.module);
  await linkStates(ground, module);
  const seen = ground.stateOf(component, member.deployment);
  const record = ground.records.get(deploymentKey(member.component, member.deployment))?.finished;
  const ran = record !== undefined && !record.reconstructed && Object.keys(record.outputs).length > 0;
  return finishWork(ground, member, component, {
    wish,
    shape,
    module,
    root: true,
    environmentVariables: true,
    secrets: [],
    varFiles: root.varFiles.map((path) => join(module.place.folder, path)),
    ...(root.workspace === undefined ? {} : { workspace: root.workspace }),
    ...backendOf(ground, module, root),
    handed: { files: digests(module.view, root.varFiles), workspace: root.workspace ?? null },
    outputsNow: seen?.digests,
    // A state somewhere else of what ran before, or in another workspace, is one that this run would not see.
    runtimeExists: ran || (seen !== undefined && !seen.empty) || seenElsewhere(ground, component),
    runtime: valuesOf(seen?.runtime.value),
    place: {},
  });
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
    for (const [name, value] of Object.entries(general)) if (isPlain(value)) settings[name] = String(value);
  for (const path of backendFiles) {
    const file = parseTfvars(view.read(path) ?? '', path.endsWith('.json'));
    for (const { name, value } of file.body.attributes.values()) {
      const text = plainValue(() => evaluate(value, { lookup: () => undefined }));
      if (text !== undefined) settings[name] = text;
    }
  }
  return Object.keys(settings).length === 0 ? {} : { backendConfig: settings };
}

function plainValue(read: () => unknown): string | undefined {
  try {
    const value = read();
    return isPlain(value) ? String(value) : undefined;
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

function isPlain(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
