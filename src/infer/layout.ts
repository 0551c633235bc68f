import type { Claim, Need, ReadSet } from '../model/claim.ts';
import type { LayoutName } from '../model/component.ts';
import type { EstateView } from '../model/estate.ts';
import type { Finding } from '../model/finding.ts';

export type { EstateSettings, EstateView } from '../model/estate.ts';

/** One layout's candidates in an estate, before anything is evaluated. */
export interface Discovery {
  /** The seed of each component: enough to claim it. Sorted by id. */
  readonly candidates: readonly Candidate[];
  /** What looked like this layout and was passed over, with the reason, for `karma doctor`. */
  readonly passedOver: readonly { readonly path: string; readonly reason: string }[];
  readonly findings: readonly Finding[];
  /**
   * Files and folders that all of it rests on, beside settings, the refs that were followed and accounts. While they hold, it
   * need not be made again. Left out where it rests on more, or where claims need it to have been made.
   */
  readonly read?: Pick<ReadSet, 'files' | 'folders'>;
}

export interface Candidate {
  readonly layout: LayoutName;
  readonly id: string;
  /** The folder or file it starts from, as `path` or `repo:path`. */
  readonly path: string;
  /** Anything the layout wants to remember until it claims; plain data. */
  readonly seed?: Readonly<Record<string, string>>;
}

/**
 * A layout recognises components and claims them. Both are pure: equal views give equal answers. `open` is called once per
 * estate view, so that shared includes, modules and parsed files are evaluated once.
 */
export interface Layout {
  readonly name: LayoutName;
  open(estate: EstateView): OpenLayout;
}

export interface OpenLayout {
  discover(): Discovery;
  /** The candidates alone, where finding more takes longer. */
  candidates?(): Pick<Discovery, 'candidates' | 'passedOver'>;
  /** A broken component yields a claim with findings and blind spots; it never throws. */
  claim(candidate: Candidate): Claim;
  /** Needs of strength `hint`: plausible only. On request, never part of a claim. */
  hints?(candidate: Candidate): readonly Need[];
}
