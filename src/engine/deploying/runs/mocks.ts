import { consumedName } from '../../../consequence/differences.ts';
import type { ComponentId } from '../../../model/component.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import { outputName, pointerOf, wholeRuntime } from '../../../model/pointer.ts';
import { deploymentKey } from '../../../model/record.ts';
import type { KnownComponent } from '../../deployed/known-components.ts';
import { referencesOf } from '../../deployed/reconstruct-record.ts';
import type { DeployFacts } from '../deploy-facts.ts';

type Plain = Readonly<Record<string, unknown>>;

/**
 * What a plan of a unit would read from `mock_outputs`, since the unit it depends on has not left it: everything while that has
 * no outputs at all, and with a merge strategy whatever is missing among them. Terragrunt takes a mock for a plan, and would then
 * apply that plan. Sorted.
 */
export function mockedReads(facts: DeployFacts, component: KnownComponent): readonly string[] {
  const mocked = new Set<string>();
  for (const { to, consumes } of referencesOf(facts.view, component.node)) {
    const dependency = dependencyOn(facts, component.row.id, to);
    const mocks = Object.keys(objectOf(dependency?.['mock_outputs']));
    if (dependency === undefined || mocks.length === 0 || !isTaken(dependency)) continue;
    const real = outputsOf(facts, to);
    if (real.size > 0 && !isMerged(dependency)) continue;
    const read = consumes.includes(wholeRuntime) ? mocks.map((name) => pointerOf([name])) : consumes;
    for (const pointer of read) {
      const name = outputName(pointer);
      if (mocks.includes(name) && !real.has(name)) mocked.add(consumedName({ provider: to, pointer }));
    }
  }
  return [...mocked].sort(byCodeUnit);
}

/** The `dependency` block that leads to a unit, evaluated. */
export function dependencyOn({ claims }: DeployFacts, unit: ComponentId, to: ComponentId): Plain | undefined {
  const blocks = Object.values(objectOf(claims.get(unit)?.evaluated?.['dependency'])).map(objectOf);
  return blocks.find(({ config_path: path }) => path === to);
}

/** A list of commands that leaves `plan` out makes Terragrunt refuse by itself. */
function isTaken({ enabled, mock_outputs_allowed_terraform_commands: commands }: Plain): boolean {
  return enabled !== false && (!Array.isArray(commands) || commands.length === 0 || commands.includes('plan'));
}

function isMerged(dependency: Plain): boolean {
  const { mock_outputs_merge_strategy_with_state: strategy, mock_outputs_merge_with_state: merged } = dependency;
  return merged === true || (strategy !== undefined && strategy !== null && strategy !== 'no_merge');
}

/** Names of what a unit has left, as far as that can be read. */
function outputsOf(facts: DeployFacts, unit: ComponentId): ReadonlySet<string> {
  const component = facts.components.get(unit);
  const seen = component === undefined ? undefined : facts.stateOf(component, '');
  const left = facts.left.get(deploymentKey(unit, ''))?.outputs;
  return new Set([...Object.keys(seen?.digests ?? {}), ...Object.keys(left ?? {})]);
}

function objectOf(value: unknown): Plain {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : {};
}
