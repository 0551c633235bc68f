import type { Report } from '../../model/progress.ts';
import { type BuiltView, buildView } from './build-view.ts';
import { hashOf, type KeptState } from './kept-state.ts';
import type { OpenedEstate } from './open-estate.ts';
import { candidateLine, type OpenedLayouts } from './opened-layouts.ts';
import { placeIndex, readerIndex } from './places.ts';
import type { ReaderIndex } from './reader-index.ts';
import { environmentOf } from './sealed-environment.ts';
import type { WholeView } from './view-cache.ts';

/** Infers everything, and says what a later process needs to follow changes from here. */
export function inferView(
  estate: OpenedEstate,
  report: Report,
  opened: OpenedLayouts,
): { readonly whole: WholeView; readonly built: BuiltView; readonly readers: () => ReaderIndex } {
  const built = buildView(estate.view, () => estate.findings(), report, opened);
  const { graph, resolver } = built;
  const resolution = resolver.index(built.estateRows);
  const places = placeIndex(resolver.allClaims(), resolution.ids);
  const state: KeptState = {
    layouts: built.discovered.map(({ layout, candidates, findings, read }) => ({
      layout,
      candidates: candidates.map(candidateLine),
      findings,
      read,
    })),
    resolution,
    places,
    hash: hashOf(graph, built.hash),
  };
  return {
    whole: {
      graph,
      hash: built.hash.hash,
      environment: environmentOf(resolver.allClaims()),
      refs: estate.refs,
      accounts: estate.held,
      state: canBeFollowed(built) ? state : undefined,
    },
    built,
    readers: () => readerIndex(places),
  };
}

/** Changes are followed by ids: each candidate must be the component of its id, and no two may share one. */
function canBeFollowed({ discovered, resolver }: BuiltView): boolean {
  let count = 0;
  for (const { candidates } of discovered)
    for (const { id } of candidates) {
      count += 1;
      if (resolver.claim(id) === undefined) return false;
    }
  return count === [...resolver.allClaims()].length;
}
