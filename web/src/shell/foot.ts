import { useEffect, useSyncExternalStore } from 'react';
import type { ViewStamp } from '../api/answers.ts';

/** What the line at the foot says of the page above it. */
export interface Foot {
  readonly view?: ViewStamp | undefined;
  /** Whether nothing unproved could change the answer; undefined where a page makes no such claim. */
  readonly complete?: boolean | undefined;
  /** The command that answers the same. */
  readonly command?: string | undefined;
}

let foot: Foot = {};
const listeners = new Set<() => void>();

function show(next: Foot): void {
  foot = next;
  for (const listener of listeners) listener();
}

/** A page says what it shows. */
export function useFoot({ view, complete, command }: Foot): void {
  useEffect(() => {
    show({ view, complete, command });
  }, [view, complete, command]);
}

export function useShownFoot(): Foot {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => foot,
  );
}
