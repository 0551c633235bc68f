import type { ListedComponent, StatusWord } from '../../api/answers.ts';
import { statusLooks } from '../../parts/status-word.ts';

/** What needs somebody first; of the same need, what most others use; then by id. */
export function needFirst(
  components: readonly ListedComponent[],
  statuses: ReadonlyMap<string, StatusWord> | undefined,
): readonly ListedComponent[] {
  const rank = ({ id }: ListedComponent): number => {
    const word = statuses?.get(id);
    return word === undefined ? statusLooks.unknown.rank : statusLooks[word].rank;
  };
  return components.toSorted((a, b) => rank(a) - rank(b) || b.usedBy - a.usedBy || (a.id < b.id ? -1 : 1));
}
