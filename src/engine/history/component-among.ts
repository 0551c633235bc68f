import { findOne } from '../../graph/operations/find.ts';
import type { ComponentId } from '../../model/component.ts';
import { isKarmaError } from '../../model/errors.ts';
import type { EngineContext } from '../context.ts';
import { newestPublished } from '../versions/newest.ts';
import { loadView } from '../view/load-view.ts';

/**
 * The component that a word names: of the newest version, else of the work tree; else, where the ledger tells of one by exactly
 * that id, one that is gone. @throws KARMA_NOT_FOUND, KARMA_AMBIGUOUS
 */
export async function componentAmong(context: EngineContext, word: string): Promise<ComponentId> {
  const newest = await newestPublished(context);
  const view = await loadView(context, newest === undefined ? undefined : `v${newest.version}`);
  try {
    return view.graph.id(findOne(view.graph, word));
  } catch (error) {
    if (!isKarmaError(error) || error.code !== 'KARMA_NOT_FOUND') throw error;
    const ledger = await context.stores.ledger();
    const [told] = await ledger.read({ subject: word, limit: 1 });
    if (told === undefined) throw error;
    return word;
  }
}
