import type { LedgerEvent } from '../../model/event.ts';
import type { Ledger } from '../../stores/ledger/port.ts';
import { eventsOf } from '../history/every-event.ts';

export const scheduleDone = 'schedule.done';

/** When each piece of scheduled work ended last, read from the ledger as far as it goes: services that share one share this. */
export class ScheduleBook {
  readonly #last = new Map<string, LedgerEvent>();
  #read = 0;

  async lastOf(ledger: Ledger, name: string): Promise<LedgerEvent | undefined> {
    for await (const event of eventsOf(ledger, { action: scheduleDone, after: this.#read })) {
      this.#read = event.seq;
      this.#last.set(event.subject, event);
    }
    return this.#last.get(name);
  }
}
