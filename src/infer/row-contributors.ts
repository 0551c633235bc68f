import type { ComponentId } from '../model/component.ts';
import { type Row, rowId } from '../model/rows.ts';

interface Contribution {
  readonly contributor: ComponentId;
  readonly row: Row;
}

/** Who contributes a row, by the row's name; mostly one. Of several, the row of the smallest contributor counts. */
export class RowContributors {
  readonly #byRow = new Map<string, Contribution | Map<ComponentId, Row>>();

  constructor(contributions: ReadonlyMap<ComponentId, readonly Row[]>) {
    for (const [contributor, rows] of contributions) for (const row of rows) this.enter(rowId(row), contributor, row);
  }

  enter(name: string, contributor: ComponentId, row: Row): void {
    const known = this.#byRow.get(name);
    if (known instanceof Map) known.set(contributor, row);
    else if (known === undefined || known.contributor === contributor) this.#byRow.set(name, { contributor, row });
    else
      this.#byRow.set(
        name,
        new Map([
          [known.contributor, known.row],
          [contributor, row],
        ]),
      );
  }

  withdraw(name: string, contributor: ComponentId): void {
    const known = this.#byRow.get(name);
    if (known instanceof Map) {
      known.delete(contributor);
      if (known.size === 0) this.#byRow.delete(name);
    } else if (known?.contributor === contributor) this.#byRow.delete(name);
  }

  /** The row that counts. */
  row(name: string): Row | undefined {
    const known = this.#byRow.get(name);
    if (!(known instanceof Map)) return known?.row;
    let first: ComponentId | undefined;
    for (const id of known.keys()) if (first === undefined || id < first) first = id;
    return first === undefined ? undefined : known.get(first);
  }
}
