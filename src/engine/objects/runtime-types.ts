import { typesWithin } from '../../consequence/types-within.ts';
import { shapeOf } from '../../consequence/value-shape.ts';
import type { Instance } from '../../graph/objects/instances.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { EngineContext } from '../context.ts';
import { accountsOf } from '../deployed/accounts.ts';
import { knownComponents } from '../deployed/known-components.ts';
import { observeStates } from '../deployed/observed-states.ts';
import { runtimesOf } from '../deployed/runtimes.ts';
import type { LoadedView } from '../view/view.ts';

/** The types of what deployments left, by name and, within, by pointer: from the Parameter Stores that were read, else from states beside modules. */
export async function runtimesOfInstances(
  { stores }: Pick<EngineContext, 'stores'>,
  view: LoadedView,
): Promise<(instance: Instance) => ReadonlyMap<string, string> | undefined> {
  const { estate } = view;
  if (estate === undefined) return () => undefined;
  const seal = await stores.seal('ask');
  const all = knownComponents(view);
  const byId = new Map(all.map((one) => [one.row.id, one]));
  const observed = observeStates({ estate, components: all, seal });
  const runtimes = runtimesOf(all, accountsOf(estate.view, estate.accounts.unread), observed);
  return ({ id, deployment }) => {
    const component = byId.get(id);
    if (component === undefined) return undefined;
    const lookup = runtimes.lookupFor(component, deployment);
    const found = new Map<string, string>();
    for (const name of [...component.runtimes].sort(byCodeUnit)) {
      const document = lookup(id, name);
      if (document === undefined || document === null || typeof document === 'string') continue;
      const { value } = document;
      if (value === null || typeof value !== 'object') continue;
      // How long a list is and which keys something has is the environment's own; of what types those are is not.
      for (const [key, type] of typesWithin(shapeOf(value))) found.set(key, type);
    }
    return found.size === 0 ? undefined : found;
  };
}
