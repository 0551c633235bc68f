import type { ReferenceRow } from '../../model/reference.ts';
import { type ReadResolver, type RuntimeRead, stateAddress } from './reads.ts';

/**
 * Says whose runtime a read of a state is, from what the graph knows of the component: its references name the runtimes they
 * consume (a parameter, a state's address) and the pointers. A read that no reference names belongs to nobody in the estate.
 */
export function resolverFrom(references: readonly ReferenceRow[]): ReadResolver {
  const runtimes = new Map<string, { provider: string; runtime: string; consumes: readonly string[] }>();
  for (const reference of references) {
    if (reference.strength !== 'proven') continue;
    for (const [runtime, consumes] of Object.entries(reference.consumesFrom)) {
      runtimes.set(nameOf(runtime), { provider: reference.to, runtime, consumes });
    }
  }
  return (read) => {
    for (const name of namesOf(read)) {
      const found = runtimes.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

/** With or without the canonical key's `state:` or `param:…:` before it. */
function nameOf(runtime: string): string {
  return runtime.replace(/^state:/, '').replace(/^param:[^/]*:?(?=\/)/, '');
}

function namesOf(read: RuntimeRead): readonly string[] {
  if (read.kind === 'parameter') return [read.name];
  const address = stateAddress(read.backend, read.config, read.workspace);
  if (address === undefined) return [];
  const path = read.backend === 'local' ? address.slice('local:'.length) : address;
  return [nameOf(address), path];
}
