import type { LedgerEvent } from '../../model/event.ts';
import { documentOf } from '../document.ts';
import { sent } from './server-sent-events.ts';

/** Characters of events that are kept as they were told, for the next who listens. */
const most = 4 * 1024 * 1024;

/** Events as a stream tells them; an event never changes, so it is put into words once for all who listen. */
export class ToldEvents {
  readonly #kept = new Map<string, string>();
  #size = 0;

  text(event: LedgerEvent): string {
    const known = this.#kept.get(event.hash);
    if (known !== undefined) return known;
    const data = documentOf({ event }).replace(/\n\s*/g, '');
    const text = sent({ id: String(event.seq), event: event.action, data });
    this.#kept.set(event.hash, text);
    this.#size += text.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#size <= most) break;
      this.#kept.delete(oldest);
      this.#size -= length;
    }
    return text;
  }
}
