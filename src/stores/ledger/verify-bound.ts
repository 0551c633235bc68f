import type { LedgerEvent } from '../../model/event.ts';
import { documentDigest, documentName } from './binding.ts';
import type { Ledger } from './port.ts';

/** A document, object or counter that is not what events say of it. */
export interface BoundFault {
  /** The event that says what it must be; 0 where none does. */
  readonly seq: number;
  readonly kind: 'document' | 'object' | 'counter';
  /** `record/prod/vpc/main`, a digest, `graph`. */
  readonly name: string;
  readonly message: string;
}

/** What events say of everything that stands beside them. Feed it pages in order. */
export class BoundByEvents {
  readonly #documents = new Map<string, { readonly digest: string; readonly seq: number }>();
  readonly #counters = new Map<string, { readonly value: number; readonly seq: number }>();

  take(events: readonly LedgerEvent[]): void {
    for (const { bound, seq } of events) {
      for (const [name, digest] of Object.entries(bound?.documents ?? {})) this.#documents.set(name, { digest, seq });
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
      for await (const { id, body } of everyDocument(ledger, kind)) {
        const name = documentName(kind, id);
        const expected = this.#documents.get(name);
        missing.delete(name);
        const fault = (message: string) => faults.push({ seq: expected?.seq ?? 0, kind: 'document', name, message });
        if (body === undefined) fault(`the document ${name} is not what was written`);
        else if (expected === undefined) {
          if (!isVouched(kind, id, body)) fault(`the document ${name} stands in no event`);
        } else if (documentDigest(body) !== expected.digest)
          fault(`the document ${name} is not the one that event ${expected.seq} was written with`);
      }
    }
    for (const [name, { seq }] of missing)
      faults.push({ seq, kind: 'document', name, message: `the document ${name} of event ${seq} is missing` });
    for (const [name, { value, seq }] of this.#counters) {
      const found = await ledger.counter(name);
      if (found === value) continue;
      const message = `the counter ${name} stands at ${found}; event ${seq} moved it to ${value}`;
      faults.push({ seq, kind: 'counter', name, message });
    }
    return faults;
  }
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
