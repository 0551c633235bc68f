import type { EventDraft } from '../../model/event.ts';
import type { DocumentWrite, Ledger } from '../../stores/ledger/port.ts';

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
export async function appendHistory(ledger: Ledger, { drafts, turn, known }: TakenHistory): Promise<boolean> {
  for (let from = 0; from < drafts.length; from += chunk) {
    const at = turn + from / chunk;
    const isLast = from + chunk >= drafts.length;
    const together = isLast && known !== undefined ? { documents: [known] } : {};
    if ((await ledger.append(drafts.slice(from, from + chunk), { counter, from: at, to: at + 1 }, together)) === false)
      return false;
  }
  return true;
}

/** Plain data, so that another thread can append it. */
export interface TakenHistory {
  readonly drafts: readonly EventDraft[];
  readonly turn: number;
  /** How far history is told once the drafts are; written with the last of them, which says so. */
  readonly known?: DocumentWrite;
}
