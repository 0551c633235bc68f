import { useSyncExternalStore } from 'react';
import { ago } from './ago.ts';

const every = 10_000;
const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

/** One clock for all: a page that stays open all day tells no old distances. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  ticking ??= setInterval(() => {
    for (const one of listeners) one();
  }, every);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

/** A moment, told by its distance; the exact one is a pointer away. */
export function When({ at }: { readonly at: string }) {
  const moment = new Date(at);
  const isMoment = !Number.isNaN(moment.getTime());
  const told = useSyncExternalStore(subscribe, () => (isMoment ? ago(moment, new Date()) : at));
  if (!isMoment) return <bdi>{at}</bdi>;
  return (
    <time dateTime={at} title={moment.toLocaleString('en-GB', { dateStyle: 'full', timeStyle: 'long' })}>
      {told}
    </time>
  );
}
