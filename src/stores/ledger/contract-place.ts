import type { EventDraft } from '../../model/event.ts';
import type { HostProcesses } from './liveness.ts';
import type { Ledger } from './port.ts';

/** One empty ledger that can be opened several times, as several processes would. */
export interface LedgerPlace {
  open(processes?: HostProcesses): Ledger | Promise<Ledger>;
  remove(): Promise<void>;
}

export type WithLedger = (check: (ledger: Ledger, place: LedgerPlace) => Promise<void>) => () => Promise<void>;

export function draft(subject: string, more: Partial<EventDraft> = {}): EventDraft {
  return {
    action: 'config.published',
    actor: 'ted@example.com',
    door: 'cli',
    subject,
    outcome: 'ok',
    at: '2026-11-24T10:00:00.000Z',
    details: {},
    ...more,
  };
}
