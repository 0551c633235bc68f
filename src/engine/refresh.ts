import { availableParallelism } from 'node:os';
import type { Refreshed } from '../consequence/drift.ts';
import { refreshSet } from '../deploy/refresh.ts';
import type { EngineContext } from './context.ts';
import type { ComponentStatus } from './deployed/status-facts.ts';
import { portsOf, prepare, tidy } from './deploying/deploy.ts';
import type { RefreshOptions } from './deploying/query.ts';

/** What Terraform says of the real resources of deployments, by deployment key. They need no order: nothing changes. */
export async function refreshDeployments(
  context: EngineContext,
  deployments: readonly Pick<ComponentStatus, 'component' | 'deployment' | 'environment'>[],
  { face, parallelism }: RefreshOptions,
): Promise<ReadonlyMap<string, Refreshed>> {
  if (deployments.length === 0) return new Map();
  const prepared = await prepare(context, {});
  try {
    const ports = portsOf(prepared, face, { action: 'apply', contracts: false, outside: [] });
    const members = deployments.map(({ component, deployment, environment }) => ({
      component,
      deployment,
      environment: environment === '' ? deployment : environment,
      selected: false,
      dependsOn: [],
    }));
    const { finishOnly, stopNow } = face;
    return await refreshSet(members, ports, {
      parallelism: parallelism ?? availableParallelism(),
      finishOnly,
      stopNow,
    });
  } finally {
    tidy(prepared);
  }
}
