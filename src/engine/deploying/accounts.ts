import type { EstateView, ParameterObservation } from '../../model/estate.ts';
import type { ParameterStore } from '../../stores/parameters/port.ts';
import type { EngineContext } from '../context.ts';
import { type Accounts, accountsOf } from '../deployed/accounts.ts';

/**
 * The Parameter Stores of a deploy, read again before each run: what a run before it published must be seen by it. Whoever
 * asks reads from memory; {@link refresh} brings that up to date for the names given.
 */
export interface LiveAccounts {
  readonly accounts: Accounts;
  store(binding: string): Promise<ParameterStore>;
  refresh(binding: string, names: Iterable<string>): Promise<void>;
  /** The text that stands under a name, as of the last refresh; undefined when nothing does, or it is secret. */
  text(binding: string, name: string): string | undefined;
  has(binding: string, name: string): boolean;
}

/** @param bindings accounts that are deployed to: a store nothing was ever written to is empty, not unread. */
export function liveAccounts(context: EngineContext, estate: EstateView, bindings: Iterable<string>): LiveAccounts {
  const parameters = new Map<string, Map<string, ParameterObservation>>();
  for (const [binding, known] of estate.parameters) parameters.set(binding, new Map(known));
  for (const binding of bindings) if (!parameters.has(binding)) parameters.set(binding, new Map());
  const accounts = accountsOf({ ...estate, parameters });
  const store = (binding: string) => context.stores.parameters(binding);
  return {
    accounts,
    store,
    refresh: async (binding, names) => {
      const known = parameters.get(binding);
      if (known === undefined) return;
      const from = await store(binding);
      for (const name of new Set(names)) {
        const found = await from.get(name);
        if (found === undefined) known.delete(name);
        else {
          const { version, value, type } = found;
          known.set(name, { name, version, value, secure: type === 'SecureString' });
        }
      }
    },
    text: (binding, name) => parameters.get(binding)?.get(name)?.value,
    has: (binding, name) => parameters.get(binding)?.has(name) === true,
  };
}
