import type { EventDraft } from '../../model/event.ts';
import type { Ledger } from '../../stores/ledger/port.ts';

const chunk = 500;
const counter = 'history';

/** Whose turn it is to take history. Read it before the ledger is asked what it holds of it. */
export function historyTurn(ledger: Ledger): Promise<number> {
  return ledger.counter(counter);
}

/**
 * Appends what history tells, each part on condition that nobody else took a turn since the ledger was asked what it holds: of
 * several processes that meet an estate at once, none tells what another one told. Answers false where another one goes on.
 *
 * @param turn as {@link historyTurn} answered
 */
export async function appendHistory(
  ledger: Ledger,
  { drafts, turn }: { readonly drafts: readonly EventDraft[]; readonly turn: number },
): Promise<boolean> {
  for (let from = 0; from < drafts.length; from += chunk) {
    const at = turn + from / chunk;
    if ((await ledger.append(drafts.slice(from, from + chunk), { counter, from: at, to: at + 1 })) === false)
      return false;
  }
  return true;
}
