import type { LedgerEvent } from '../../model/event.ts';
import { documentDigest, documentName } from './binding.ts';
import type { Ledger } from './port.ts';

/** A document, object, counter or lease that is not what events say of it. */
export interface BoundFault {
  /** The event that says what it must be; 0 where none does. */
  readonly seq: number;
  readonly kind: 'document' | 'object' | 'counter' | 'lease';
  /** `record/prod/vpc/main`, a digest, `graph`, `environment:prod`. */
  readonly name: string;
  readonly message: string;
  /** Of a lease: the fence that an event was written under. */
  readonly fence?: number;
}

/** What events say of everything that stands beside them. Feed it pages in order. */
export class BoundByEvents {
  readonly #documents = new Map<
    string,
    { readonly digest: string; readonly revision?: number; readonly seq: number }
  >();
  readonly #counters = new Map<string, { readonly value: number; readonly seq: number }>();
  /** The highest that was told. */
  readonly #fences = new Map<string, { readonly fence: number; readonly seq: number }>();

  take(events: readonly LedgerEvent[]): void {
    for (const { bound, seq } of events) {
      const revisions = new Map(Object.entries(bound?.revisions ?? {}));
      for (const [name, digest] of Object.entries(bound?.documents ?? {})) {
        const revision = revisions.get(name);
        this.#documents.set(name, { digest, seq, ...(revision === undefined ? {} : { revision }) });
      }
      for (const [name, fence] of Object.entries(bound?.fences ?? {}))
        if (fence > (this.#fences.get(name)?.fence ?? 0)) this.#fences.set(name, { fence, seq });
      for (const [name, value] of Object.entries(bound?.counters ?? {})) this.#counters.set(name, { value, seq });
    }
  }

  /** What a counter moved to, as an event tells that was written before events said so of every counter. */
  counter(name: string, value: number, seq: number): void {
    const known = this.#counters.get(name);
    if (known === undefined || known.seq < seq) this.#counters.set(name, { value, seq });
  }

  /**
   * @param isVouched whether an event vouches for a document that none is bound to, as ledgers have it that began before documents
   * were bound
   */
  async faults(
    ledger: Ledger,
    kinds: readonly string[],
    isVouched: (kind: string, id: string, body: unknown) => boolean,
  ): Promise<readonly BoundFault[]> {
    const missing = new Map(this.#documents);
    const faults: BoundFault[] = [];
    for (const kind of kinds) {
      for await (const { id, body, revision } of everyDocument(ledger, kind)) {
        const name = documentName(kind, id);
        const expected = this.#documents.get(name);
        missing.delete(name);
        const fault = (message: string) => faults.push({ seq: expected?.seq ?? 0, kind: 'document', name, message });
        if (body === undefined) fault(`the document ${name} is not what was written`);
        else if (expected === undefined) {
          if (!isVouched(kind, id, body)) fault(`the document ${name} stands in no event`);
        } else if (documentDigest(body) !== expected.digest)
          fault(`the document ${name} is not the one that event ${expected.seq} was written with`);
        else if (expected.revision !== undefined && expected.revision !== revision)
          fault(`the document ${name} is of revision ${revision}; event ${expected.seq} wrote ${expected.revision}`);
      }
    }
    for (const [name, expected] of missing) {
      const { seq } = expected;
      if (await isThere(ledger, kinds, name, expected)) continue;
      faults.push({ seq, kind: 'document', name, message: `the document ${name} of event ${seq} is missing` });
    }
    for (const [name, { value, seq }] of this.#counters) {
      const found = await ledger.counter(name);
      if (found === value) continue;
      const message = `the counter ${name} stands at ${found}; event ${seq} moved it to ${value}`;
      faults.push({ seq, kind: 'counter', name, message });
    }
    for (const [name, { fence, seq }] of this.#fences) {
      const found = (await ledger.leases.look(name))?.fence ?? 0;
      if (found >= fence) continue;
      const message = `the lease ${name} stands at fence ${found}; event ${seq} was written under ${fence}`;
      faults.push({ seq, kind: 'lease', name, message, fence });
    }
    return faults;
  }
}

/** Of a kind that only a newer Karma lists: it stands where the event says, as it was written. */
async function isThere(
  ledger: Ledger,
  kinds: readonly string[],
  name: string,
  { digest, revision }: { readonly digest: string; readonly revision?: number },
): Promise<boolean> {
  const cut = name.indexOf('/');
  const kind = name.slice(0, cut);
  if (cut < 0 || kinds.includes(kind)) return false;
  const found = await ledger.getDocument(kind, name.slice(cut + 1));
  return (
    found !== undefined &&
    documentDigest(found.body) === digest &&
    (revision === undefined || found.revision === revision)
  );
}

async function* everyDocument(ledger: Ledger, kind: string) {
  for (let after = ''; ; ) {
    const page = await ledger.listDocuments(kind, { limit: 500, exact: true, ...(after === '' ? {} : { after }) });
    yield* page;
    const last = page.at(-1)?.id;
    if (page.length < 500 || last === undefined) return;
    after = last;
  }
}
