import { useMemo } from 'react';
import type { Picture, StatusWord } from '../api/answers.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useAt } from '../api/use-at.ts';
import type { Statuses } from '../api/use-statuses.ts';

export interface Members {
  /** The box or closed group that a component is in. */
  readonly boxOf: (component: string) => string;
  /** How many of each status are in a box. */
  readonly wordsOf: (box: string) => Readonly<Partial<Record<StatusWord, number>>> | undefined;
}

/** Which components a closed group stands for, and how they are. */
export function useMembers(picture: Picture | undefined, statuses: Statuses | undefined): Members {
  const groupBy = picture?.groupBy ?? 'none';
  const grouped = picture?.boxes.some(({ shape }) => shape === 'group') === true;
  const { data: map } = useAnswer('/v1/map', { ...useAt(), groupBy }, { enabled: grouped && groupBy !== 'none' });
  const groups = useMemo(() => {
    const found = new Map<string, string>();
    if (grouped && map !== undefined)
      for (const [place, id] of map.ids.entries()) {
        const group = map.groups[map.group[place] ?? -1]?.id;
        if (group !== undefined) found.set(id, group);
      }
    return found;
  }, [map, grouped]);
  return useMemo(() => {
    const shown = new Set(picture?.boxes.map(({ id }) => id));
    const boxOf = (component: string): string =>
      shown.has(component) ? component : (groups.get(component) ?? component);
    const words = new Map<string, Partial<Record<StatusWord, number>>>();
    for (const [component, status] of statuses?.of ?? []) {
      const box = boxOf(component);
      const own = words.get(box) ?? {};
      own[status] = (own[status] ?? 0) + 1;
      words.set(box, own);
    }
    return { boxOf, wordsOf: (box) => words.get(box) };
  }, [picture, groups, statuses]);
}
