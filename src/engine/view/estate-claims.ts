import { loadGrammar } from '../../hcl/parse.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentId } from '../../model/component.ts';
import type { EstateView } from '../../model/estate.ts';
import type { Seal } from '../../model/record.ts';
import { OpenedLayouts } from './opened-layouts.ts';

/**
 * Claims of single components, made when somebody asks. They are not kept: making one costs less than reading all of them
 * would, and a claim is a function of what it reads, so it is the same one again.
 */
export class EstateClaims {
  readonly #seal: Seal;
  readonly #opened = new Map<EstateView, OpenedLayouts>();

  private constructor(seal: Seal) {
    this.#seal = seal;
  }

  static async open(seal: Seal): Promise<EstateClaims> {
    await loadGrammar();
    return new EstateClaims(seal);
  }

  /** The layouts over a view; one instance serves everything asked of it. */
  layouts(view: EstateView): OpenedLayouts {
    const known = this.#opened.get(view);
    if (known !== undefined) return known;
    const opened = new OpenedLayouts(view, this.#seal);
    this.#opened.set(view, opened);
    return opened;
  }

  find(id: ComponentId, view: EstateView): Claim | undefined {
    return this.layouts(view).claimOf(id);
  }
}
