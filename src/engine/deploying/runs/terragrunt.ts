import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ComponentWork, SetMember } from '../../../deploy/set.ts';
import { KarmaError } from '../../../model/errors.ts';
import { deploymentKey } from '../../../model/record.ts';
import { whyNotAt } from '../../../observe/git/followed-branch.ts';
import { initNeeds } from '../../../run/needs-init.ts';
import { outputDigestsOf, runtimeOf } from '../../../run/outputs.ts';
import { terragruntJob } from '../../../run/terragrunt.ts';
import type { KnownComponent } from '../../deployed/known-components.ts';
import { leftByRuns } from '../folders.ts';
import type { DeployGround } from '../ground.ts';
import { mockedReads } from './mocks.ts';
import { finishWork, type ModuleFolder, type WorkWish } from './parts.ts';
import { readUnits } from './unit-outputs.ts';

/**
 * Experimental. A Terragrunt unit, run by Terragrunt where people run it: its caches, and states that nothing else keeps, lie
 * beside it. Terragrunt makes variables, backend and working folder; a plan comes first, and exactly that is applied.
 */
export async function unitWork(
  ground: DeployGround,
  member: SetMember,
  component: KnownComponent,
  wish: WorkWish,
): Promise<ComponentWork> {
  const runner = ground.tools.terragrunt();
  const module = await unitFolder(ground, component);
  await readUnits(ground, component);
  const key = deploymentKey(member.component, member.deployment);
  const seen = ground.stateOf(component, member.deployment);
  const told = ground.left.get(key)?.outputs;
  const record = ground.records.get(key)?.finished;
  const ran = record !== undefined && !record.reconstructed && Object.keys(record.outputs).length > 0;
  const mocked = wish.action === 'apply' ? mockedReads(ground, component) : [];
  return finishWork(ground, member, component, {
    wish,
    shape: undefined,
    module,
    root: true,
    runner,
    reshape: terragruntJob,
    environmentVariables: true,
    secrets: [],
    handed: {},
    outputsNow: seen?.digests ?? (told === undefined ? undefined : outputDigestsOf(told)),
    runtimeExists: ran || (seen !== undefined && !seen.empty) ? true : undefined,
    runtime: valuesOf(seen?.runtime.value ?? (told === undefined ? undefined : runtimeOf(told))),
    place: {},
    ...(mocked.length === 0 ? {} : { absent: mocked, refusal: refusalOf(mocked) }),
  });
}

function refusalOf(mocked: readonly string[]): KarmaError {
  return new KarmaError('KARMA_REFUSED', `mock outputs would stand in for ${mocked.join(', ')}`, {
    hint: 'deploy what it depends on first: a mock must not be applied',
  });
}

async function unitFolder(ground: DeployGround, { row }: KnownComponent): Promise<ModuleFolder> {
  const { estate, folders } = ground;
  const why = await whyNotInPlace(ground);
  if (why !== undefined)
    throw new KarmaError(
      'KARMA_REFUSED',
      `${row.id} is a Terragrunt unit: it is run in the work tree alone, and ${why}`,
      {
        hint: 'check the revision out, with nothing beside it that Git does not ignore',
      },
    );
  const { root, main } = estate.observation;
  const folder = join(root.folder, row.path);
  if (!existsSync(folder))
    throw new KarmaError('KARMA_REFUSED', `${row.id} is a unit that a stack generates, and its folder is not there`, {
      hint: '`terragrunt stack generate` makes it',
    });
  const place = { folder: root.folder, original: root.folder, commit: folders.commit, bare: false };
  return { repo: '', path: row.path, view: main.view, place, folder, original: folder, needs: initNeeds([]) };
}

const inPlace = new WeakMap<DeployGround, Promise<string | undefined>>();

/** A commit may be run where people work once it is exactly what lies there. */
function whyNotInPlace(ground: DeployGround): Promise<string | undefined> {
  const { view, estate } = ground;
  const { repository } = estate.observation.root;
  const known =
    inPlace.get(ground) ??
    (view.kind === 'worktree'
      ? Promise.resolve(undefined)
      : repository === undefined || repository.bare
        ? Promise.resolve('there is none')
        : whyNotAt(repository, view.position, (path) => leftByRuns.test(path)));
  inPlace.set(ground, known);
  return known;
}

function valuesOf(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' ? { ...value } : {};
}
