import type { ComponentRow } from '../model/component.ts';
import type { Row } from '../model/rows.ts';

/**
 * A source that was not read in this build keeps what was last seen of it: only a complete, successful read removes anything.
 *
 * @param missing names of repositories that were not read (`aws-iac`); the main repository is never among them.
 * @returns `after`, with the rows before of everything that lies in, or was inferred from, a missing repository.
 */
export function retainUnread(
  before: ReadonlyMap<string, Row>,
  after: ReadonlyMap<string, Row>,
  missing: readonly string[],
): ReadonlyMap<string, Row> {
  if (missing.length === 0) return after;
  const inMissing = (place: string) => missing.some((repo) => place.startsWith(`${repo}:`));
  const kept = new Set<string>();
  for (const row of before.values()) {
    if (row.table !== 'component') continue;
    const component = JSON.parse(row.value) as ComponentRow;
    if (inMissing(component.path) || inMissing(component.module)) kept.add(component.id);
  }
  const rows = new Map<string, Row>();
  for (const [id, row] of after) if (!belongsTo(row, kept)) rows.set(id, row);
  for (const [id, row] of before)
    if (belongsTo(row, kept) || (row.table === 'type' && inMissing(row.key))) rows.set(id, row);
  return rows;
}

/** Whether a row says something of one of these components. */
function belongsTo(row: Row, components: ReadonlySet<string>): boolean {
  switch (row.table) {
    case 'component':
      return components.has(row.key);
    case 'reference':
      return components.has((JSON.parse(row.value) as { from: string }).from);
    case 'deployment':
      return components.has((JSON.parse(row.value) as { component: string }).component);
    case 'finding':
      return components.has((JSON.parse(row.value) as { subject: string }).subject);
    case 'type':
      return false;
  }
}
