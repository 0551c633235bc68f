import type { Scope } from './scope.ts';
import type { Place, Value } from './value.ts';
import { isWhollyKnown, placesIn, Unknown } from './value.ts';

/**
 * Tells a listening scope of places that went into an operation and are not in what came out, nor anything behind them: a
 * fallback that was not needed, an element that was not chosen. They do not decide the value, but without them it fails.
 */
export function reportDropped(scope: Scope, inputs: readonly Value[], result: Value): void {
  if (scope.dropped === undefined || inputs.every(isWhollyKnown)) return;
  const kept = placesIn(result);
  const lost = inputs.flatMap((value) => placesIn(value)).filter((place) => !kept.some((one) => isBehind(one, place)));
  if (lost.length > 0) scope.dropped(new Unknown('took part', lost));
}

function isBehind(inner: Place, outer: Place): boolean {
  return inner === outer || (inner.source === outer.source && outer.steps.every((step, i) => inner.steps[i] === step));
}

/** A scope that also tells whether anything was dropped in it: then even a known value may fail in a run. */
export function listenIn(scope: Scope): { readonly scope: Scope; readonly heard: () => boolean } {
  if (scope.dropped === undefined) return { scope, heard: () => false };
  let heard = false;
  const listening: Scope = {
    lookup: (name) => scope.lookup(name),
    traverse: (root, steps) => scope.traverse?.(root, steps),
    dropped: (value) => {
      heard = true;
      scope.dropped?.(value);
    },
    ...(scope.functions === undefined ? {} : { functions: scope.functions }),
  };
  return { scope: listening, heard: () => heard };
}
