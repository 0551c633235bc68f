import { KarmaError } from '../../model/errors.ts';
import { type Delta, rowId, rowTables } from '../../model/rows.ts';

const tables: ReadonlySet<string> = new Set(rowTables);

/**
 * What every graph store asks of a delta at its door: each row is named once, in `put` or in `remove`, and text is whole, so
 * that stores with different encodings cannot disagree about it.
 * @throws KARMA_INPUT_INVALID
 */
export function checkDelta({ put, remove }: Delta): void {
  const names = new Set<string>();
  for (const row of put) {
    if (!row.value.isWellFormed() || !row.note.isWellFormed()) throw refused(rowId(row), 'holds half a character');
    checkName(row, names);
  }
  for (const name of remove) checkName(name, names);
}

function checkName(
  row: { readonly table: Delta['remove'][number]['table']; readonly key: string },
  names: Set<string>,
) {
  const id = rowId(row);
  if (!tables.has(row.table)) throw refused(id, 'names no table');
  if (!id.isWellFormed()) throw refused(id.toWellFormed(), 'holds half a character');
  if (names.has(id)) throw refused(id, 'is named twice in one delta');
  names.add(id);
}

function refused(id: string, why: string): KarmaError {
  return new KarmaError('KARMA_INPUT_INVALID', `row ${id} ${why}`, { details: { row: id } });
}

/** A question about a version that the store does not hold. */
export function noSuchVersion(version: number, first: number, head: number): KarmaError {
  const held = head === 0 ? 'the store is empty' : `it holds ${first === head ? `v${head}` : `v${first} to v${head}`}`;
  return new KarmaError('KARMA_NO_SUCH_VERSION', `there is no graph version v${version}: ${held}`, {
    hint: 'list them with: karma graph versions',
    details: { version, first, head },
  });
}
