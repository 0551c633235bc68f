import { canonicalJson, sha256 } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import type { Bound, EventDraft } from '../../model/event.ts';
import type { AppendTogether, CounterMove, DocumentWrite } from './port.ts';

/**
 * What stands beside the events, bound to them: the last event of an append says which documents were written with it, which
 * counter was moved and under which leases. The chain covers the event, the event covers them.
 */
export function bindTogether(
  drafts: readonly EventDraft[],
  expect: CounterMove | undefined,
  { documents = [], leases = [] }: AppendTogether = {},
): readonly EventDraft[] {
  const last = drafts.at(-1);
  if (last === undefined) {
    if (documents.length > 0) throw new KarmaError('KARMA_BUG', 'a document is written without an event that says so');
    return drafts;
  }
  if (documents.length === 0 && leases.length === 0 && expect === undefined) return drafts;
  const bound: Bound = {
    ...(documents.length === 0
      ? {}
      : {
          documents: Object.fromEntries(documents.map((one) => [nameOf(one), digestOf(one)])),
          revisions: Object.fromEntries(documents.map((one) => [nameOf(one), one.revision + 1])),
        }),
    ...(expect === undefined ? {} : { counters: { [expect.counter]: expect.to } }),
    ...(leases.length === 0 ? {} : { fences: Object.fromEntries(leases.map(({ name, fence }) => [name, fence])) }),
  };
  return [...drafts.slice(0, -1), { ...last, bound }];
}

function nameOf({ kind, id }: DocumentWrite): string {
  return documentName(kind, id);
}

export function documentName(kind: string, id: string): string {
  return `${kind}/${id}`;
}

function digestOf({ body }: DocumentWrite): string {
  return documentDigest(body);
}

export function documentDigest(body: unknown): string {
  return sha256(canonicalJson(body));
}

/** @throws KARMA_LEASE_LOST */
export function leaseLost(name: string): KarmaError {
  return new KarmaError('KARMA_LEASE_LOST', `${name} passed to someone else while this deploy was paused`, {
    hint: 'nothing more was changed; look at karma log and deploy again',
  });
}

/** A document that is no object was written by somebody else than Karma. @throws KARMA_DATA_CORRUPT */
export function checkedBody(kind: string, id: string, body: unknown): unknown {
  if (body !== null && typeof body === 'object') return body;
  throw new KarmaError('KARMA_DATA_CORRUPT', `the document ${documentName(kind, id)} holds nothing that can be read`, {
    hint: '`karma log verify` says what else was edited; `karma store rebuild` makes it again from the events',
    details: { kind, id },
  });
}
