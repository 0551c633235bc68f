import type { Place } from '../../hcl/value.ts';

/**
 * Rule 6, own nickname: a parameter's name that falls back to the component's own nickname (`var.nickname`, or a `nickname`
 * in its config), so that a component finds its namesake of another type without being told. Found as parameter reads are; it
 * only has a name of its own because no config key shows it.
 */
export const rule = 'own-nickname';

/** Whether a name rests on the own nickname, given the places that took part in it when nothing of a component was known. */
export function restsOnOwnNickname(places: readonly Place[]): boolean {
  return places.some(
    ({ source, steps }) =>
      (source === 'var.nickname' && steps.length === 0) ||
      (source === 'config' && steps.length === 1 && steps[0] === 'nickname'),
  );
}
