import { createHmac } from 'node:crypto';
import type { LedgerEvent } from '../model/event.ts';
import { hideInText } from '../model/secrets/text.ts';
import type { Change } from './change.ts';

/** What a hook is told: of one step of one change, and nothing that is not in this list. */
export interface HookMessage {
  /** `change.applied` */
  readonly type: string;
  /** When it happened, ISO 8601, UTC. */
  readonly timestamp: string;
  readonly data: {
    readonly estate: string;
    /** The event of the ledger; the same in every try, so that whoever takes it twice can tell. */
    readonly event: string;
    readonly actor: string;
    readonly door: string;
    readonly outcome: string;
    readonly change: Pick<
      Change,
      'id' | 'state' | 'revision' | 'reason' | 'proposer' | 'proposedAt' | 'base' | 'head' | 'files' | 'reverts'
    > & { readonly commit?: string };
    /** Why it failed, or went back. */
    readonly because?: string;
  };
}

/** @param change as it was right after the event */
export function messageOf(estate: string, event: LedgerEvent, change: Change): HookMessage {
  const { id, state, revision, reason, proposer, proposedAt, base, head, files, reverts, apply } = change;
  const { message = event.details['because'] } = event.details;
  return {
    type: event.action,
    timestamp: event.at,
    data: {
      ...{ estate, event: event.id, actor: event.actor, door: event.door, outcome: event.outcome },
      change: {
        ...{ id, state, revision, reason: hideInText(reason), proposer, proposedAt, base, head, files },
        ...(reverts === undefined ? {} : { reverts }),
        ...(apply?.commit === undefined ? {} : { commit: apply.commit }),
      },
      ...(typeof message === 'string' ? { because: hideInText(message) } : {}),
    },
  };
}

/**
 * The headers by which whoever gets a message knows whose it is and that it is new, as https://www.standardwebhooks.com has it: an
 * HMAC over id, time and text.
 */
export function signedHeaders(
  { id, seconds, body }: { readonly id: string; readonly seconds: number; readonly body: string },
  secret: string,
): Readonly<Record<string, string>> {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret);
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` };
}
