import type { Claim } from '../../model/claim.ts';
import type { ComponentId } from '../../model/component.ts';
import { KarmaError } from '../../model/errors.ts';
import type { EngineContext } from '../context.ts';
import { endOf } from '../range/end-of.ts';
import { claimsOf, loadView } from '../view/load-view.ts';
import type { OpenedEstate } from '../view/open-estate.ts';
import type { LoadedView } from '../view/view.ts';

/** A view with what every component of it evaluates to. */
export interface EvaluatedView {
  readonly view: LoadedView;
  readonly estate: OpenedEstate;
  readonly claim: (id: ComponentId) => Claim | undefined;
}

/**
 * Kept claims answer; where one is not kept any more the view is inferred in full. Needs files: no version alone will do.
 * @param needed whose claims will be asked for; default: of all
 */
export async function evaluatedView(
  context: EngineContext,
  when: string | undefined,
  needed: (view: LoadedView) => Iterable<ComponentId> = ({ graph }) => graph.ids,
): Promise<EvaluatedView> {
  // With the grammar: where the view is kept, claims are made one by one here, and any of them may need it.
  const claims = await claimsOf(context);
  const view = await loadView(context, when, { needsEstate: true, claims });
  const { end, missed } = endOf(estateOf(view), view, claims);
  for (const id of needed(view)) end.claim(id);
  if (!missed()) return { view, estate: estateOf(view), claim: end.claim };
  const whole = await loadView(context, when, { needsEstate: true, needsClaims: true, claims });
  return { view: whole, estate: estateOf(whole), claim: endOf(estateOf(whole), whole, claims).end.claim };
}

function estateOf(view: LoadedView): OpenedEstate {
  if (view.estate === undefined)
    throw new KarmaError('KARMA_USAGE', `${view.label} holds no files`, { hint: 'ask at a Git revision' });
  return view.estate;
}
