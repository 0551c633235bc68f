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
import type { DeployFacts } from '../deploy-facts.ts';
import { leftByRuns } from '../folders.ts';
import { finishWork, type WorkOptions } from './finish-work.ts';
import { mockedReads } from './mocks.ts';
import type { ModuleFolder } from './module-folder.ts';
import { readUnits } from './unit-outputs.ts';

/**
 * Experimental. A Terragrunt unit, run by Terragrunt where people run it: its caches, and states that nothing else keeps, lie
 * beside it. Terragrunt makes variables, backend and working folder; a plan comes first, and exactly that is applied.
 */
export async function unitWork(
  facts: DeployFacts,
  member: SetMember,
  component: KnownComponent,
  options: WorkOptions,
): Promise<ComponentWork> {
  const runner = facts.tools.terragrunt();
  const module = await unitFolder(facts, component);
  await readUnits(facts, component);
  const key = deploymentKey(member.component, member.deployment);
  const seen = facts.stateOf(component, member.deployment);
  const told = facts.left.get(key)?.outputs;
  const record = facts.records.get(key)?.finished;
  const ran = record !== undefined && !record.reconstructed && Object.keys(record.outputs).length > 0;
  const mocked = options.action === 'apply' ? mockedReads(facts, component) : [];
  return finishWork(facts, member, component, {
    options,
    setup: undefined,
    module,
    root: true,
    runner,
    jobOf: terragruntJob,
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

async function unitFolder(facts: DeployFacts, { row }: KnownComponent): Promise<ModuleFolder> {
  const { estate, folders } = facts;
  const why = await whyNotInPlace(facts);
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

const inPlace = new WeakMap<DeployFacts, Promise<string | undefined>>();

/** A commit may be run where people work once it is exactly what lies there. */
function whyNotInPlace(facts: DeployFacts): Promise<string | undefined> {
  const { view, estate } = facts;
  const { repository } = estate.observation.root;
  const known =
    inPlace.get(facts) ??
    (view.kind === 'worktree'
      ? Promise.resolve(undefined)
      : repository === undefined || repository.bare
        ? Promise.resolve('there is none')
        : whyNotAt(repository, view.position, (path) => leftByRuns.test(path)));
  inPlace.set(facts, known);
  return known;
}

function valuesOf(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' ? { ...value } : {};
}
