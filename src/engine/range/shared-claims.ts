import type { RangeEnd } from '../../graph/impact-of-change/range-end.ts';
import { foldersAbove, type RangeReaders } from '../../graph/impact-of-change/touched.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentId } from '../../model/component.ts';
import type { OpenedEstate } from '../view/open-estate.ts';
import type { LoadedView } from '../view/view.ts';

/** Claims of one state of an estate, where the process stays: made once, and the same for every question about it. */
export interface ResidentClaims {
  readonly of: string;
  readonly claims: Map<ComponentId, Claim>;
}

/** Beyond so many claims memory costs more than making them again. */
const mostHeld = 20_000;

/** An end whose claims are held from one question to the next. @param held filled as claims are made */
export function withResident(end: RangeEnd, held: ResidentClaims | undefined): RangeEnd {
  if (held === undefined) return end;
  const { claims } = held;
  return {
    graph: end.graph,
    claim: (id) => {
      const known = claims.get(id);
      if (known !== undefined) return known;
      const made = end.claim(id);
      if (made !== undefined && claims.size < mostHeld) claims.set(id, made);
      return made;
    },
  };
}

/** What claims rest on at an end, by which they are held. */
export function stateOf({ identity }: OpenedEstate, { hash, environment }: LoadedView, reading: string): string {
  return [reading, identity, hash, JSON.stringify(environment)].join('\n');
}

interface Both<T> {
  readonly before: T;
  readonly after: T;
}

/**
 * The later end, with claims of the earlier one where they are the same: of whoever is there at both ends and reads no file that
 * changed. A claim is a function of what it reads, and that nothing else changed is what a comparison rests on anyway.
 */
export function sharingClaims(
  ends: Both<RangeEnd>,
  estates: Both<OpenedEstate>,
  views: Both<LoadedView>,
  { changedFiles, before, after }: RangeReaders,
): RangeEnd {
  const [was, is] = [estates.before, estates.after];
  const isSame =
    JSON.stringify(views.before.environment) === JSON.stringify(views.after.environment) &&
    was.accounts.identity === is.accounts.identity &&
    JSON.stringify(was.view.settings) === JSON.stringify(is.view.settings);
  if (!isSame) return ends.after;
  const readers = new Set<ComponentId>();
  const places = new Set(changedFiles.flatMap((file) => [file, ...foldersAbove(file)]));
  for (const place of places) for (const id of [...before(place), ...after(place)]) readers.add(id);
  return {
    graph: ends.after.graph,
    claim: (id) => {
      const isShared = !readers.has(id) && ends.before.graph.node(id) !== undefined;
      return (isShared ? ends.before.claim(id) : undefined) ?? ends.after.claim(id);
    },
  };
}
