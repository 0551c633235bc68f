import { type Delta, type Row, rowId } from '../../model/rows.ts';
import type { GraphStore } from '../../stores/graph/port.ts';
import type { Publication } from './project.ts';

/** The most versions that are named; behind the first that is off there are often many. */
const mostNamed = 3;

/** Questions to a store that is elsewhere. */
const atOnce = 16;

/** Holds each version of a store to what the ledger recorded: its hash, and what lies between it and the one before. */
export class PastVersions {
  readonly problems: string[] = [];
  readonly #store: GraphStore;
  readonly #forgotten: number;
  /** Whether the store still holds the version before; nothing is before the first. */
  #holdsBefore = true;
  /** Rows that are no more what they once were: each with the version that ended it, as often as one did. */
  readonly #ended = new Map<string, { readonly row: Row; readonly until: number[] }>();

  /** @param forgotten versions before this one were forgotten, as somebody asked for */
  constructor(store: GraphStore, forgotten: number) {
    this.#store = store;
    this.#forgotten = forgotten;
  }

  /**
   * Versions in order, from the first.
   * @param before the rows that the delta is applied to
   */
  async compare({ version, hash }: Publication, delta: Delta, before: ReadonlyMap<string, Row>): Promise<void> {
    const kept = await this.#store.hash(version);
    // Forgotten: what was visible only then may be gone.
    const holdsBefore = this.#holdsBefore;
    this.#holdsBefore = kept !== undefined;
    if (kept === undefined && version >= this.#forgotten)
      this.problems.push(`the store does not hold v${version}, which nobody forgot`);
    if (kept === undefined || this.problems.length >= mostNamed) return;
    const effect = effectOf(delta, before);
    // Forgotten with the versions in which it was visible.
    if (holdsBefore) this.#end(version, effect, before);
    if (kept !== hash) this.problems.push(`the store holds v${version} under another hash than the ledger`);
    else if (holdsBefore) {
      const found = await this.#store.between(version - 1, version);
      const differing = differingNames(effect, found);
      if (differing.length > 0)
        this.problems.push(
          `between v${version - 1} and v${version} the store differs from the recorded delta in ${differing.length} rows: ${differing.slice(0, 3).join(', ')}`,
        );
    }
  }

  /** What the store keeps of rows that ended: where one ends decides which versions show it. */
  async finish(): Promise<void> {
    const all = [...this.#ended];
    for (let at = 0; at < all.length && this.problems.length < mostNamed; at += atOnce) {
      const some = all.slice(at, at + atOnce);
      const found = await Promise.all(some.map(([, { row }]) => this.#store.history(row.table, row.key)));
      for (const [place, [name, { until }]] of some.entries()) {
        const ends = (found[place] ?? []).flatMap(({ to }) => to ?? []).filter((to) => to >= (until[0] ?? 0));
        if (ends.join() !== until.join())
          this.problems.push(`the store ends ${name} at other versions than the recorded deltas`);
      }
    }
  }

  #end(version: number, { put, remove }: Delta, before: ReadonlyMap<string, Row>): void {
    for (const name of [...put, ...remove].map(rowId)) {
      const row = before.get(name);
      if (row === undefined) continue;
      const ended = this.#ended.get(name);
      if (ended === undefined) this.#ended.set(name, { row, until: [version] });
      else ended.until.push(version);
    }
  }
}

/** What a delta changes: a row that stood there as it is, or was not there to be removed, is not said to change. */
function effectOf({ put, remove }: Delta, before: ReadonlyMap<string, Row>): Delta {
  const putNames = new Set(put.map(rowId));
  return {
    put: put.filter((row) => !isSame(before.get(rowId(row)), row)),
    remove: remove.filter((row) => before.has(rowId(row)) && !putNames.has(rowId(row))),
  };
}

function differingNames(expected: Delta, found: Delta): string[] {
  const rows = new Map(expected.put.map((row) => [rowId(row), row]));
  const gone = new Set(expected.remove.map(rowId));
  const differing: string[] = [];
  for (const row of found.put) {
    if (!isSame(rows.get(rowId(row)), row)) differing.push(rowId(row));
    rows.delete(rowId(row));
  }
  for (const row of found.remove) if (!gone.delete(rowId(row))) differing.push(rowId(row));
  return [...new Set([...differing, ...rows.keys(), ...gone])].sort();
}

function isSame(a: Row | undefined, b: Row): boolean {
  return a !== undefined && a.digest === b.digest && a.value === b.value && (a.note ?? '') === (b.note ?? '');
}
