import { useMemo } from 'react';
import { worstOf } from '../parts/status-word.ts';
import type { ComponentStatus, StatusWord } from './answers.ts';
import { useAnswer } from './use-answer.ts';
import { useAt } from './use-at.ts';

export interface Statuses {
  readonly of: ReadonlyMap<string, StatusWord>;
  readonly all: readonly ComponentStatus[];
  readonly counts: Readonly<Partial<Record<StatusWord, number>>>;
}

/** How one component is now, each of its deployments: asked by itself, because all of them may be ten thousand. */
export function useStatusOf(id: string): readonly ComponentStatus[] {
  const { at } = useAt();
  const { data } = useAnswer('/v1/status', { select: [id] }, { enabled: at === undefined || at === 'worktree' });
  return useMemo(() => data?.components.filter(({ component }) => component === id) ?? [], [data, id]);
}

/** How everything is now, by component: the worst of its deployments. Nothing of the past: that is not known. */
export function useStatuses(enabled = true): Statuses | undefined {
  const { at } = useAt();
  const { data } = useAnswer('/v1/status', {}, { enabled: enabled && (at === undefined || at === 'worktree') });
  return useMemo(() => {
    if (data === undefined) return undefined;
    const of = new Map<string, StatusWord>();
    for (const { component, status } of data.components) {
      const before = of.get(component);
      of.set(component, before === undefined ? status : (worstOf([before, status]) ?? status));
    }
    return { of, all: data.components, counts: data.counts };
  }, [data]);
}
