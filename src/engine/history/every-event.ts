import type { LedgerEvent } from '../../model/event.ts';
import type { EngineContext } from '../context.ts';

/** Every event, oldest first, page by page. */
export async function* everyEvent(context: EngineContext, after = 0): AsyncGenerator<LedgerEvent> {
  const ledger = await context.stores.ledger();
  for (let from = after; ; ) {
    const page = await ledger.read({ after: from, limit: 500 });
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    from = last.seq;
  }
}
