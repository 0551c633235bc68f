import type { ListedComponent, StatusWord } from '../../api/answers.ts';
import type { Heading } from '../../parts/rows.tsx';
import { statusLooks } from '../../parts/status-word.ts';

export interface Arrangement {
  readonly statuses: ReadonlyMap<string, StatusWord> | undefined;
  /** Only those of this status. */
  readonly status?: string | undefined;
  /** A column; with `-` before it the other way. */
  readonly sort: string;
  /** `kind`, `environment` or `status`. */
  readonly group?: string | undefined;
}

/** The rows of the table in the order in which they are shown, with a heading before each group. */
export function arrange(
  components: readonly ListedComponent[],
  { statuses, status, sort, group }: Arrangement,
): readonly (ListedComponent | Heading)[] {
  const wordOf = ({ id, external }: ListedComponent) => statuses?.get(id) ?? (external ? 'external' : undefined);
  const chosen = status === undefined ? components : components.filter((one) => wordOf(one) === status);
  const down = sort.startsWith('-');
  const key = sort.replace(/^-/, '');
  const value = (one: ListedComponent): string | number => {
    if (key === 'kind') return one.kind;
    if (key === 'environment') return one.environment;
    if (key === 'dependsOn' || key === 'usedBy' || key === 'findings') return one[key];
    if (key !== 'status') return one.id;
    const word = wordOf(one);
    return word === undefined ? 99 : statusLooks[word].rank;
  };
  const sorted = chosen.toSorted((a, b) => {
    const [x, y] = [value(a), value(b)];
    const order = x < y ? -1 : x > y ? 1 : 0;
    return (down ? -order : order) || (a.id < b.id ? -1 : 1);
  });
  if (group === undefined) return sorted;
  const groups = Map.groupBy(sorted, (one) => {
    if (group === 'kind') return one.kind;
    if (group === 'environment') return one.environment || 'no environment';
    return wordOf(one) ?? 'unknown';
  });
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([heading, members]) => [{ heading, count: members.length }, ...members]);
}
