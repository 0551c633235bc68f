import type { Answers } from '../../api/answers.ts';

/** Above so many components the first picture is the map: groups of them are too many to read too. */
export const manyComponents = 1_500;
/** So many boxes can be read one by one. */
const readable = 60;
const mostGroups = 100;

/** How the graph of an estate is grouped where nobody says: each alone while that can be read, then by environment and type. */
export function groupingOf({
  components,
  external,
  kinds,
  environments,
}: Pick<Answers['/v1/overview'], 'components' | 'external' | 'kinds' | 'environments'>): string | undefined {
  if (components + external <= readable) return 'none';
  if (environments.length > 1 && kinds.length * environments.length <= mostGroups) return 'type';
  return undefined;
}
