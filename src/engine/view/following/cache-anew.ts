import type { EngineContext } from '../../context.ts';
import { viewOf } from '../load-view.ts';
import { openEstate } from '../open-estate.ts';

/**
 * Makes beside this process the whole view that later changes are followed from, while this one goes on to answer: at ten thousand
 * components half a second of work and a quarter of a gigabyte. For processes that stay; one that ends does it itself.
 */
export interface CacheBeside {
  /** False where the caller must do it itself. Where one is at it already, that will do. */
  start(at: string | undefined): boolean;
}

/** The other one's part: the view that is kept as what changed since an earlier one, kept as a whole. */
export async function cacheAnew(context: EngineContext, at: string | undefined): Promise<void> {
  const estate = await openEstate(context, {
    committed: true,
    accounts: 'lately',
    ...(at === undefined ? {} : { at }),
  });
  const view = await viewOf(context, estate, 'revision', { keepsLater: true, anew: true });
  view.keep?.();
}
