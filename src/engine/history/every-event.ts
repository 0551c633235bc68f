import type { LedgerEvent } from '../../model/event.ts';
import type { EventQuery, Ledger } from '../../stores/ledger/port.ts';
import type { EngineContext } from '../context.ts';
import { breathing } from '../wanted.ts';

/** Every event, oldest first, page by page. */
export async function* everyEvent(context: EngineContext, after = 0): AsyncGenerator<LedgerEvent> {
  const ledger = await context.stores.ledger();
  const breathe = breathing(context);
  for await (const event of eventsOf(ledger, { after })) {
    await breathe();
    yield event;
  }
}

/** The same of what a query names. */
export async function* eventsOf(
  ledger: Ledger,
  query: Pick<EventQuery, 'action' | 'after' | 'subject'>,
): AsyncGenerator<LedgerEvent> {
  for (let after = query.after ?? 0; ; ) {
    const page = await ledger.read({ ...query, after, limit: 500 });
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
}
