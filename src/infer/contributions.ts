import type { ComponentId } from '../model/component.ts';
import { type Row, rowId } from '../model/rows.ts';

/** Rows that are contributed again, by who does and by name. */
export class Contributions {
  /** The estate's own; undefined: those from before stand. */
  readonly estate: ReadonlyMap<string, Row> | undefined;
  readonly #by: ReadonlyMap<ComponentId, ReadonlyMap<string, Row>>;
  /** The contributor with the smallest id of each. */
  readonly #first = new Map<string, { readonly id: ComponentId; readonly row: Row }>();

  constructor(by: ReadonlyMap<ComponentId, ReadonlyMap<string, Row>>, estate: readonly Row[] | undefined) {
    this.estate = estate && new Map(estate.map((row) => [rowId(row), row]));
    this.#by = by;
    for (const [id, rows] of by)
      for (const [name, row] of rows) {
        const known = this.#first.get(name);
        if (known === undefined || id < known.id) this.#first.set(name, { id, row });
      }
  }

  has(id: ComponentId): boolean {
    return this.#by.has(id);
  }

  ids(): Iterable<ComponentId> {
    return this.#by.keys();
  }

  *names(): Generator<string> {
    yield* this.#first.keys();
    if (this.estate !== undefined) yield* this.estate.keys();
  }

  first(name: string): { readonly id: ComponentId; readonly row: Row } | undefined {
    return this.#first.get(name);
  }
}
