import type { Seal } from '../../model/record.ts';
import type { EngineContext } from '../context.ts';

/** The estate's key, so that what is kept of environment values can be compared later; one that passes where none can be kept. */
export async function sealOf({ stores }: EngineContext): Promise<Seal> {
  try {
    return await stores.seal('keep');
  } catch {
    return stores.seal('ask');
  }
}
