import type { DataQuery, ModuleInstance } from './instance.ts';
import type { Resource } from './module.ts';

/** A module and every child that can be read, parents first. */
export function* moduleInstances(root: ModuleInstance): Generator<ModuleInstance> {
  yield root;
  for (const call of root.module.calls.values())
    for (const { suffix } of root.instancesOf(call)) {
      const child = root.child(call, suffix);
      if (child !== undefined) yield* moduleInstances(child);
    }
}

/** Every instance of the resource and data blocks that `wanted` chooses; what `count` switches off has none. */
export function* queriesOf(root: ModuleInstance, wanted: (resource: Resource) => boolean): Generator<DataQuery> {
  for (const instance of moduleInstances(root))
    for (const resource of instance.module.resources.values())
      if (wanted(resource))
        for (const { suffix } of instance.instancesOf(resource)) yield instance.query(resource, suffix);
}
