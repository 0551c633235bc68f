import type { DataQuery, ModuleInstance } from './instance.ts';
import { suffixesOf } from './instance-keys.ts';
import type { Module, Resource } from './module.ts';

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

type Choice = (resource: Resource) => boolean;

/**
 * Every instance of the resource and data blocks that `wanted` chooses; what `count` switches off has none.
 * @param wanted the same function each time, where it is asked of thousands of components: a module's blocks are chosen once
 */
export function queriesOf(root: ModuleInstance, wanted: Choice): readonly DataQuery[] {
  const queries: DataQuery[] = [];
  for (const instance of moduleInstances(root))
    for (const resource of chosenOf(instance.module, wanted))
      for (const suffix of suffixesOf(instance.keysOf(resource))) queries.push(instance.query(resource, suffix));
  return queries;
}

const chosen = new WeakMap<Choice, WeakMap<Module, readonly Resource[]>>();

function chosenOf(module: Module, wanted: Choice): readonly Resource[] {
  let known = chosen.get(wanted);
  if (known === undefined) {
    known = new WeakMap();
    chosen.set(wanted, known);
  }
  let resources = known.get(module);
  if (resources === undefined) {
    resources = [...module.resources.values()].filter(wanted);
    known.set(module, resources);
  }
  return resources;
}
