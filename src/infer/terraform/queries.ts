import type { DataQuery, ModuleInstance } from './instance.ts';
import { suffixesOf } from './instance-keys.ts';
import type { Resource } from './module.ts';

/** A module and every child that can be read, parents first. */
export function moduleInstances(root: ModuleInstance, into: ModuleInstance[] = []): readonly ModuleInstance[] {
  into.push(root);
  for (const call of root.module.calls.values())
    for (const suffix of suffixesOf(root.keysOf(call))) {
      const child = root.child(call, suffix);
      if (child !== undefined) moduleInstances(child, into);
    }
  return into;
}

/** Every instance of the resource and data blocks that `wanted` chooses; what `count` switches off has none. */
export function queriesOf(root: ModuleInstance, wanted: (resource: Resource) => boolean): readonly DataQuery[] {
  const queries: DataQuery[] = [];
  for (const instance of moduleInstances(root))
    for (const resource of instance.module.resources.values())
      if (wanted(resource))
        for (const suffix of suffixesOf(instance.keysOf(resource))) queries.push(instance.query(resource, suffix));
  return queries;
}
