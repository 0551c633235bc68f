import type { ResolvedRows } from '../../../infer/incremental-resolver.ts';
import { type Delta, type Row, type RowTable, rowId } from '../../../model/rows.ts';

/** The delta from one set of rows to another, each given as a delta over the same rows. O(both deltas). */
export function deltaOver(base: Pick<ResolvedRows, 'row'>, before: Delta, after: Delta): Delta {
  const [old, now] = [rowsOver(base, before), rowsOver(base, after)];
  const names = new Set([before, after].flatMap(({ put, remove }) => [...put, ...remove].map(rowId)));
  const put: Row[] = [];
  const remove: { table: RowTable; key: string }[] = [];
  for (const name of [...names].sort()) {
    const [was, is] = [old(name), now(name)];
    if (is === undefined) {
      if (was !== undefined) remove.push({ table: was.table, key: was.key });
    } else if (was === undefined || was.digest !== is.digest || was.note !== is.note) put.push(is);
  }
  return { put, remove };
}

function rowsOver(base: Pick<ResolvedRows, 'row'>, { put, remove }: Delta): (name: string) => Row | undefined {
  const fresh = new Map(put.map((row) => [rowId(row), row]));
  const gone = new Set(remove.map(rowId));
  return (name) => fresh.get(name) ?? (gone.has(name) ? undefined : base.row(name));
}

/** What two deltas, one behind the other, come to. */
export function inTurn(first: Delta, then: Delta): Delta {
  const put = new Map(first.put.map((row) => [rowId(row), row]));
  const remove = new Map(first.remove.map((row) => [rowId(row), row]));
  for (const row of then.remove) {
    put.delete(rowId(row));
    remove.set(rowId(row), row);
  }
  for (const row of then.put) {
    remove.delete(rowId(row));
    put.set(rowId(row), row);
  }
  return { put: [...put.values()], remove: [...remove.values()] };
}
