import { byCodeUnit } from '../../model/by-code-unit.ts';
import type { ComponentId } from '../../model/component.ts';
import type { BlindSpot } from '../operations/impact.ts';

/** Components that are possible for the same reason. */
export interface PossibleGroup {
  /** What could not be proved of each; undefined: they follow others that are possible. */
  readonly codes: readonly string[] | undefined;
  readonly components: readonly ComponentId[];
}

/**
 * Where many modules are not at hand, everything is possible for one reason: told once, with how many. The largest group
 * first, what only follows last.
 */
export function possibleGroups({
  possible,
  blindSpots,
}: {
  readonly possible: readonly ComponentId[];
  readonly blindSpots: readonly BlindSpot[];
}): PossibleGroup[] {
  const codes = new Map<ComponentId, Set<string>>();
  for (const { component, code } of blindSpots) {
    const own = codes.get(component);
    if (own === undefined) codes.set(component, new Set([code]));
    else own.add(code);
  }
  const because = (id: ComponentId): string => [...(codes.get(id) ?? [])].sort(byCodeUnit).join(' ');
  const groups = Map.groupBy([...possible].sort(byCodeUnit), because);
  return [...groups]
    .sort(([a, x], [b, y]) => Number(a === '') - Number(b === '') || y.length - x.length || byCodeUnit(a, b))
    .map(([reason, components]) => ({ codes: reason === '' ? undefined : reason.split(' '), components }));
}

/** Beyond so many, ids are told by group. */
export const fewPossible = 10;
const named = 3;

/** `90 module-not-read: a, b, c and 87 more`, a line a group; one a component where there are few. */
export function possibleLines(
  answer: Parameters<typeof possibleGroups>[0],
  shown: (id: ComponentId) => string = (id) => id,
): string[] {
  const groups = possibleGroups(answer);
  const reason = ({ codes }: PossibleGroup): string => codes?.join(', ') ?? 'follow from those';
  if (answer.possible.length <= fewPossible)
    return groups.flatMap((group) => group.components.map((id) => `${shown(id)}  ${reason(group)}`));
  return groups.map((group) => {
    const { components } = group;
    const more = components.length > named ? ` and ${components.length - named} more` : '';
    return `${components.length} ${reason(group)}: ${components.slice(0, named).map(shown).join(', ')}${more}`;
  });
}
