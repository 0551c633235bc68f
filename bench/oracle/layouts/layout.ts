import type { Random } from '../../random.ts';
import type { Edits } from '../edits.ts';
import type { GeneratedComponent, GeneratedEstate } from '../model.ts';
import type { Ran } from '../terraform.ts';
import type { Files } from '../written.ts';

/** Where everything of one history lies. */
export interface Places {
  /** The checkout. */
  readonly estate: string;
  /** Karma's data folder. */
  readonly data: string;
  /** The oracle's own files. */
  readonly own: string;
}

/** How an estate of one layout is made, edited, and run without Karma. */
export interface OracleLayout {
  generate(random: Random): GeneratedEstate;
  files(estate: GeneratedEstate): Files;
  readonly edits: Edits;
  /** Programs that are missing here, so that nothing of it can be run. */
  readonly missing: readonly string[];
  runner(places: Places): OracleRunner;
}

/** The real programs on components, told what to do by the oracle alone. */
export interface OracleRunner {
  /** Whatever must be linked anew after an edit. */
  prepare(estate: GeneratedEstate): Promise<void>;
  plan(estate: GeneratedEstate, component: GeneratedComponent): Promise<Planned>;
  apply(estate: GeneratedEstate, component: GeneratedComponent): Promise<Ran>;
  /** Several in one go, where that is faster: whether each of them plans to nothing. */
  planAll?(estate: GeneratedEstate, components: readonly GeneratedComponent[]): Promise<boolean>;
  /** Several in their order, where that is faster. */
  applyAll?(estate: GeneratedEstate, components: readonly GeneratedComponent[]): Promise<Ran>;
  /** The file that a component's state lies in, also when Karma runs it. */
  state(estate: GeneratedEstate, component: GeneratedComponent): string;
}

export interface Planned {
  /** `nothing` to do, something to `change`, or it `failed`. */
  readonly is: 'nothing' | 'change' | 'failed';
  readonly text: string;
}
