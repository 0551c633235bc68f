import type { EventDraft } from '../../model/event.ts';
import type { Ledger } from '../../stores/ledger/port.ts';

const chunk = 500;
const counter = 'history';

/** Appends what history tells. Of several processes that meet an estate at once, one takes it; the others are answered false. */
export async function appendHistory(ledger: Ledger, drafts: readonly EventDraft[]): Promise<boolean> {
  const turn = await ledger.counter(counter);
  for (let from = 0; from < drafts.length; from += chunk) {
    const move = from === 0 ? { counter, from: turn, to: turn + 1 } : undefined;
    if ((await ledger.append(drafts.slice(from, from + chunk), move)) === false) return false;
  }
  return true;
}
