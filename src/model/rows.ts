import { byCodeUnit, canonicalJson, sha256 } from './digest.ts';
import { withLongNumbers } from './exact-number.ts';

/**
 * A graph version is a set of rows. A row's digest covers its key and its hashed value; what may be reworded or moved
 * without meaning (message texts, commits, times) stays in `note`, outside the digest.
 */
export type RowTable = 'type' | 'component' | 'deployment' | 'reference' | 'finding';

export const rowTables: readonly RowTable[] = ['component', 'deployment', 'finding', 'reference', 'type'];

export interface Row {
  readonly table: RowTable;
  /** Unique within its table; `from|to` for a reference. */
  readonly key: string;
  /** Canonical JSON of the hashed part. */
  readonly value: string;
  /** Canonical JSON of the part outside the hash, or `''`. */
  readonly note: string;
  readonly digest: string;
}

/**
 * @param ordered the value's keys are in order already, everywhere in it
 * @param orderedNote so are the note's
 */
export function makeRow(
  table: RowTable,
  key: string,
  value: unknown,
  note?: unknown,
  ordered = false,
  orderedNote = false,
): Row {
  const text = ordered ? JSON.stringify(value) : canonicalJson(value);
  // In canonical order: a delta of ten thousand rows is written as it stands.
  return {
    digest: sha256(`${table}\n${key}\n${text}`),
    key,
    note: note === undefined ? '' : orderedNote ? withLongNumbers(JSON.stringify(note)) : canonicalJson(note),
    table,
    value: text,
  };
}

/** The name of a row over all tables. */
export function rowId(row: { readonly table: RowTable; readonly key: string }): string {
  return `${row.table}|${row.key}`;
}

/** What leads from one graph version to the next. `put` holds new and changed rows, `remove` the names of those gone. */
export interface Delta {
  readonly put: readonly Row[];
  readonly remove: readonly { readonly table: RowTable; readonly key: string }[];
}

export const emptyDelta: Delta = { put: [], remove: [] };

/**
 * Canonical JSON of a delta, in parts: as one text that of ten thousand components is as large as all else that publishing it
 * needs. Written without a look at the order of each row's keys, of which there are hundreds of thousands.
 */
export function* deltaParts({ put, remove }: Delta): Generator<string> {
  yield '{"put":[';
  for (const [at, row] of put.entries()) {
    const { digest, key, note, table, value } = row;
    if (at > 0) yield ',';
    yield JSON.stringify({ digest, key, note, table, value });
  }
  yield `],"remove":${JSON.stringify(remove.map(({ key, table }) => ({ key, table })))}}`;
}

/** The delta between two sets of rows, sorted; a row whose digest and note are equal is in neither part. */
export function deltaBetween(before: ReadonlyMap<string, Row>, after: ReadonlyMap<string, Row>): Delta {
  const put: Row[] = [];
  const remove: { table: RowTable; key: string }[] = [];
  for (const [id, row] of after) {
    const old = before.get(id);
    if (old === undefined || old.digest !== row.digest || old.note !== row.note) put.push(row);
  }
  for (const [id, row] of before) if (!after.has(id)) remove.push({ table: row.table, key: row.key });
  return { put: put.sort(byRowName), remove: remove.sort(byRowName) };
}

/** The order of rows' names, without making them: no table's name begins with another's. */
export function byRowName(a: Pick<Row, 'table' | 'key'>, b: Pick<Row, 'table' | 'key'>): number {
  return byCodeUnit(a.table, b.table) || byCodeUnit(a.key, b.key);
}
