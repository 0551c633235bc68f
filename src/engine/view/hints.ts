import type { ReferenceRow } from '../../model/reference.ts';
import type { EngineContext } from '../context.ts';
import { loadView } from './load-view.ts';

/** Plausible references that nothing proves: they never order, block or gate, and are stored nowhere. Sorted as found. */
export async function hintsOf(context: EngineContext, at?: string): Promise<readonly ReferenceRow[]> {
  const view = await loadView(context, at, { needsEstate: true, needsClaims: true });
  const { built, estate } = view;
  if (built === undefined || estate === undefined) return [];
  const { layouts } = await import('./opened-layouts.ts');
  const found: ReferenceRow[] = [];
  for (const layout of layouts) {
    const open = layout.open(estate.view);
    if (open.hints === undefined) continue;
    for (const candidate of open.discover().candidates) {
      const claim = built.resolver.claim(candidate.id);
      if (claim !== undefined) found.push(...built.resolver.hints(claim.component, open.hints(candidate)));
    }
  }
  return found;
}
