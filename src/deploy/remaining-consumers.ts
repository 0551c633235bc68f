import type { OutsideConsumer } from '../consequence/contract.ts';
import { byCodeUnit } from '../model/digest.ts';
import { deploymentKey, type RunRecord } from '../model/record.ts';
import type { ReferenceRow } from '../model/reference.ts';
import type { DeploySet } from './set.ts';

/** What there is beside the set that is destroyed, and what of it consumes what. */
export interface Consumers {
  /** The last apply of each deployment that is there. */
  readonly records: readonly RunRecord[];
  /** What others deployed, as their states show: only references tell what it consumes. */
  readonly alsoDeployed: readonly Pick<RunRecord, 'component' | 'deployment'>[];
  readonly references: readonly ReferenceRow[];
  /** The deployment of a provider that one of a consumer reads; undefined: nothing tells, it may be any. */
  readonly counterpart: (provider: string, deployment: string) => string | undefined;
  /** Readers outside the estate, whom nobody here can destroy. */
  readonly outside: readonly Pick<OutsideConsumer, 'name' | 'reads'>[];
}

export interface RemainingConsumer {
  readonly consumer: string;
  readonly provider: string;
  readonly outside?: true;
}

/** Deployments that stay though what they consume would go, by their keys; sorted. */
export function remainingConsumers(set: DeploySet, consumers: Consumers): readonly RemainingConsumer[] {
  const { records, alsoDeployed, references, counterpart, outside } = consumers;
  const going = new Set(set.components.map(keyOf));
  const goingOf = Map.groupBy(set.components, ({ component }) => component);
  const found = new Map<string, RemainingConsumer>();
  const add = (one: Pick<RunRecord, 'component' | 'deployment'>, provider: string) => {
    const consumer = keyOf(one);
    if (going.has(consumer) || provider === one.component) return;
    const read = counterpart(provider, one.deployment);
    for (const { deployment } of goingOf.get(provider) ?? []) {
      if (read !== undefined && read !== deployment) continue;
      const lost = deploymentKey(provider, deployment);
      found.set(`${consumer}\n${lost}`, { consumer, provider: lost });
    }
  };
  for (const record of records) for (const provider of record.dependsOn) add(record, provider);
  // A reference of now counts only for what is deployed: a config that never ran holds on to nothing.
  const deployed = Map.groupBy([...records, ...alsoDeployed], ({ component }) => component);
  for (const { from, to, strength } of references)
    if (strength === 'proven') for (const one of deployed.get(from) ?? []) add(one, to);
  for (const { name, reads } of outside)
    for (const one of set.components)
      if (reads(one.component))
        found.set(`${name}\n${keyOf(one)}`, { consumer: name, provider: keyOf(one), outside: true });
  return [...found].sort(([a], [b]) => byCodeUnit(a, b)).map(([, one]) => one);
}

function keyOf({ component, deployment }: Pick<RunRecord, 'component' | 'deployment'>): string {
  return deploymentKey(component, deployment);
}
