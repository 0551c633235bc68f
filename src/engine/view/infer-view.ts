import { once } from '../../model/once.ts';
import type { EngineContext } from '../context.ts';
import { type BuiltView, buildView } from './build-view.ts';
import type { CachedState } from './following/cached-state.ts';
import { placeIndex, readerIndex } from './following/places.ts';
import type { ReaderIndex } from './following/reader-index.ts';
import type { WholeView } from './following/view-cache.ts';
import type { OpenedEstate } from './open-estate.ts';
import { candidateLine, type OpenedLayouts } from './opened-layouts.ts';
import { environmentOf, type SealedEnvironment } from './sealed-environment.ts';

export interface InferredView {
  readonly built: BuiltView;
  readonly environment: SealedEnvironment;
  readonly readers: () => ReaderIndex;
  /** The view with what a later process needs to follow changes from here. Takes a quarter of the time of inferring it. */
  readonly whole: () => WholeView;
}

/** Infers everything. */
export async function inferView(
  estate: OpenedEstate,
  asked: Pick<EngineContext, 'report' | 'signal'>,
  opened: OpenedLayouts,
): Promise<InferredView> {
  const built = await buildView(estate.view, () => estate.findings(), asked, opened);
  const { graph, resolver } = built;
  const environment = environmentOf(resolver.allClaims());
  const resolution = once(() => resolver.index(built.estateRows));
  const places = once(() => placeIndex(resolver.allClaims(), resolution().ids));
  const state = (): CachedState => ({
    layouts: built.discovered.map(({ layout, candidates, findings, read }) => ({
      layout,
      candidates: candidates.map(candidateLine),
      findings,
      read,
    })),
    resolution: resolution(),
    places: places(),
    hash: built.tree,
  });
  return {
    built,
    environment,
    readers: once(() => readerIndex(places())),
    whole: () => ({
      graph,
      hash: built.hash,
      environment,
      refs: estate.refs,
      accounts: estate.held,
      state: canBeFollowed(built) && !opened.holdsBroken ? state() : undefined,
    }),
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
