import type { ComponentRow } from '../model/component.ts';
import type { Pointer } from '../model/pointer.ts';
import type { Row, RowTable } from '../model/rows.ts';
import { type ComponentHead, headOf } from './component-heads.ts';

/** The rows of one table, sorted by key, read one at a time: a snapshot decodes a row's text only when it is asked for. */
export interface RowSource {
  readonly table: RowTable;
  readonly size: number;
  key(at: number): string;
  value(at: number): string;
  note(at: number): string;
  digest(at: number): string;
  /** Of references, where it is known without their texts. */
  consumes?(at: number): readonly Pointer[] | undefined;
}

/** The rows of components, whose heads are told without their texts where that is kept. */
export interface ComponentSource extends RowSource {
  head(at: number): ComponentHead;
}

/** The sources of a whole graph. */
export type RowSources = Readonly<Record<Exclude<RowTable, 'component'>, RowSource> & { component: ComponentSource }>;

/** A source over rows that are in memory anyway. */
export function rowsInMemory(table: RowTable, rows: readonly Row[]): RowSource {
  const at = (position: number): Row => {
    const row = rows[position];
    if (row === undefined) throw new RangeError(`no ${table} row ${position}`);
    return row;
  };
  return {
    table,
    size: rows.length,
    key: (position) => at(position).key,
    value: (position) => at(position).value,
    note: (position) => at(position).note,
    digest: (position) => at(position).digest,
  };
}

export function componentsInMemory(rows: readonly Row[]): ComponentSource {
  const source = rowsInMemory('component', rows);
  const heads: (ComponentHead | undefined)[] = [];
  return {
    ...source,
    head: (position) => {
      heads[position] ??= headOf(JSON.parse(source.value(position)) as ComponentRow);
      return heads[position];
    },
  };
}

/** One row, put together again. */
export function rowAt(source: RowSource, at: number): Row {
  return {
    table: source.table,
    key: source.key(at),
    value: source.value(at),
    note: source.note(at),
    digest: source.digest(at),
  };
}

/**
 * What a row says: its hashed part with its note laid over it, key by key. So message texts, files and lines, which stay
 * outside the hash, come back in their place.
 */
export function parseRow<T>(source: RowSource, at: number): T {
  const value = JSON.parse(source.value(at)) as T;
  const note = source.note(at);
  return note === '' ? value : { ...value, ...(JSON.parse(note) as Partial<T>) };
}
