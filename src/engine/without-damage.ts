import { isKarmaError } from '../model/errors.ts';
import type { EngineContext } from './context.ts';

/**
 * Only the part of a kept view that a question reads is looked at, so damage may show late: then everything that was kept is let
 * go, and it is answered without.
 */
export async function withoutDamage<T>(context: EngineContext, answer: () => Promise<T>): Promise<T> {
  try {
    return await answer();
  } catch (error) {
    if (!isDamagedCache(error)) throw error;
    for (const name of context.cache.files.names('')) context.cache.files.remove(name);
    const { resident } = context;
    if (resident !== undefined)
      for (const known of Object.keys(resident)) delete resident[known as keyof typeof resident];
    return answer();
  }
}

function isDamagedCache(error: unknown): boolean {
  return isKarmaError(error) && error.code === 'KARMA_DATA_CORRUPT' && error.details?.['kept'] === true;
}
