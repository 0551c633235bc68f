/** What of the table's address is a filter: the selection, the status, how it is sorted and grouped. */
export interface Filter {
  readonly select?: readonly string[] | undefined;
  readonly status?: string | undefined;
  readonly sort?: string | undefined;
  readonly group?: string | undefined;
}

export interface SavedFilter {
  readonly name: string;
  readonly filter: Filter;
}

/** More are a mess; the oldest goes. */
const most = 50;

/** What was kept in this browser, whoever wrote it there: what is none is not there. */
export function readFilters(kept: string | undefined): readonly SavedFilter[] {
  try {
    const found: unknown = JSON.parse(kept ?? '[]');
    return Array.isArray(found) ? found.flatMap(readOne) : [];
  } catch {
    return [];
  }
}

function readOne(one: unknown): readonly SavedFilter[] {
  const { name, filter } = (one ?? {}) as Partial<SavedFilter>;
  if (typeof name !== 'string' || name === '' || typeof filter !== 'object' || filter === null) return [];
  const { select, status, sort, group } = filter;
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const texts = Array.isArray(select) ? select.filter((word) => typeof word === 'string') : undefined;
  return [{ name, filter: { select: texts, status: text(status), sort: text(sort), group: text(group) } }];
}

/** The newest first; one of the same name takes its place. */
export function withFilter(filters: readonly SavedFilter[], saved: SavedFilter): readonly SavedFilter[] {
  return [saved, ...withoutFilter(filters, saved.name)].slice(0, most);
}

export function withoutFilter(filters: readonly SavedFilter[], name: string): readonly SavedFilter[] {
  return filters.filter((one) => one.name !== name);
}
