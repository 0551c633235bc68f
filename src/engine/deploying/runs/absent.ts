import { consumedName } from '../../../consequence/differences.ts';
import type { SetMember } from '../../../deploy/set.ts';
import type { ComponentId } from '../../../model/component.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import { deploymentKey } from '../../../model/record.ts';
import type { KnownComponent } from '../../deployed/known-components.ts';
import { referencesOf } from '../../deployed/reconstruct-record.ts';
import type { DeployFacts } from '../deploy-facts.ts';

/**
 * What a component reads of others that is provably not there: no runtime is published, no state lies where it must lie, or
 * what was there was destroyed. A read with a fallback waits for nobody. Sorted.
 */
export function absentReads(
  facts: DeployFacts,
  { deployment }: SetMember,
  component: KnownComponent,
): readonly string[] {
  const absent = new Set<string>();
  for (const { to, consumesFrom, tolerated } of referencesOf(facts.view, component.node)) {
    for (const [runtime, pointers] of Object.entries(consumesFrom)) {
      const needed = pointers.filter((pointer) => !tolerated.includes(pointer));
      if (needed.length === 0 || !isAbsent(facts, component, deployment, { to, runtime })) continue;
      for (const pointer of needed) absent.add(consumedName({ provider: to, pointer }));
    }
  }
  return [...absent].sort(byCodeUnit);
}

function isAbsent(
  facts: DeployFacts,
  component: KnownComponent,
  deployment: string,
  { to, runtime }: { readonly to: ComponentId; readonly runtime: string },
): boolean {
  const { runtimes, observed, left } = facts;
  const found = runtimes.lookupFor(component, deployment)(to, runtime);
  if (found === null) return true;
  const named = runtimes.nameIn(to, runtime) ?? runtimes.counterpart(to, deployment);
  if (found !== undefined) return isNothing(found) && isDestroyed(facts, to, named ?? '');
  return named !== undefined && !left.has(deploymentKey(to, named)) && observed.absent(to, named) !== undefined;
}

function isNothing(found: object | string): boolean {
  if (typeof found === 'string' || !('value' in found)) return false;
  const { value } = found;
  return value !== null && typeof value === 'object' && Object.keys(value).length === 0;
}

/** Whether the last run destroyed it: what it left says so only by being empty, as a module without outputs leaves it too. */
export function isDestroyed({ records, left }: DeployFacts, component: ComponentId, deployment: string): boolean {
  const key = deploymentKey(component, deployment);
  return !left.has(key) && records.get(key)?.last.action === 'destroy';
}
