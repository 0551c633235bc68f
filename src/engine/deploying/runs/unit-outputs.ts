import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ComponentId } from '../../../model/component.ts';
import { isKarmaError } from '../../../model/errors.ts';
import { deploymentKey } from '../../../model/record.ts';
import { terragruntJob } from '../../../run/terragrunt.ts';
import type { KnownComponent } from '../../deployed/known-components.ts';
import { referencesOf } from '../../deployed/reconstruct-record.ts';
import type { DeployFacts } from '../deploy-facts.ts';
import { dependencyOn } from './mocks.ts';

/**
 * What units left in states that nobody but Terragrunt finds: of the unit itself and of those it reads, once a deploy each.
 * Those that no run is known of are asked only where mocks would stand in for them, as Terragrunt asks them then.
 */
export async function readUnits(facts: DeployFacts, component: KnownComponent): Promise<void> {
  const { id } = component.row;
  const consumed = referencesOf(facts.view, component.node).filter(({ consumes }) => consumes.length > 0);
  for (const unit of [id, ...consumed.map(({ to }) => to)]) {
    const other = facts.components.get(unit);
    if (other?.row.layout !== 'terragrunt' || facts.stateOf(other, '') !== undefined) continue;
    const hasMocks = dependencyOn(facts, id, unit)?.['mock_outputs'] !== undefined;
    if (!hasRun(facts, unit) && !hasMocks) continue;
    await facts.once(`outputs ${unit}`, () => readOutputs(facts, other));
  }
}

function hasRun({ records }: DeployFacts, unit: ComponentId): boolean {
  return records.get(deploymentKey(unit, ''))?.last.action === 'apply';
}

async function readOutputs(facts: DeployFacts, { row }: KnownComponent): Promise<void> {
  const key = deploymentKey(row.id, '');
  const folder = join(facts.estate.observation.root.folder, row.path);
  if (facts.left.has(key) || !existsSync(folder)) return;
  const { environment } = facts.tools.environment(true);
  const runFolder = join(facts.context.stores.dataFolder, 'runs');
  const job = terragruntJob({ id: key, folder, runFolder, dataFolder: '', init: false, environment });
  const control = { listen: () => undefined, signal: AbortSignal.timeout(60_000) };
  try {
    const outputs = await facts.tools.terragrunt().outputs(job, control);
    if (!facts.left.has(key)) facts.left.set(key, { outputs, state: undefined });
  } catch (error) {
    // Unread is an answer: nothing is skipped that rests on it, and no mock is taken for it.
    if (!isKarmaError(error)) throw error;
  }
}
