import type { RangeEnd } from '../../graph/impact-of-change/range-end.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentId } from '../../model/component.ts';
import type { EstateClaims } from '../view/estate-claims.ts';
import type { OpenedEstate } from '../view/open-estate.ts';
import type { LoadedView } from '../view/view.ts';

/** One end with its claims, from this process or from what is kept, and whether one was asked for that is not there. */
export function endOf(
  estate: OpenedEstate,
  view: LoadedView,
  claims: EstateClaims,
): { readonly end: RangeEnd; readonly missed: () => boolean } {
  const { graph, built } = view;
  if (built !== undefined) return { end: { graph, claim: (id) => built.resolver.claim(id) }, missed: () => false };
  let missed = false;
  const claim = (id: ComponentId): Claim | undefined => {
    const node = graph.node(id);
    if (node === undefined) return undefined;
    const { external, kind } = graph.component(node);
    const kept = claims.find(id, estate.view);
    if (kept === undefined && !external && kind === 'component') missed = true;
    return kept;
  };
  return { end: { graph, claim }, missed: () => missed };
}
