import { loadGrammar, missedGrammar } from '../../hcl/parse.ts';
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
  /** In the place of this one, since the grammar was loaded. */
  #instead: EstateClaims | undefined;

  private constructor(seal: Seal) {
    this.#seal = seal;
  }

  static async open(seal: Seal): Promise<EstateClaims> {
    await loadGrammar();
    return new EstateClaims(seal);
  }

  /** For who makes a few claims; see {@link orWithGrammar}. */
  static openWithoutGrammar(seal: Seal): EstateClaims {
    return new EstateClaims(seal);
  }

  /** For who makes many. */
  async withGrammar(): Promise<EstateClaims> {
    await loadGrammar();
    this.#instead ??= this;
    return this.#instead;
  }

  /** Does some work without the grammar; where that was not enough, again with it, and with nothing of what was tried. */
  async orWithGrammar<T>(work: (claims: EstateClaims) => T): Promise<T> {
    const tried = outcomeOf(() => work(this));
    if (missedGrammar()) {
      this.#instead = await EstateClaims.open(this.#seal);
      return work(this.#instead);
    }
    if ('error' in tried) throw tried.error;
    return tried.answer;
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

function outcomeOf<T>(work: () => T): { readonly answer: T } | { readonly error: unknown } {
  try {
    return { answer: work() };
  } catch (error) {
    return { error };
  }
}
