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
   * Files and folders that the findings rest on, beside the candidates themselves, the refs that were followed and the
   * parameters. While they hold, the findings do. Left out where a discovery must be made again to know.
   */
  readonly findingsRead?: Pick<ReadSet, 'files' | 'folders'>;
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
  /**
   * What `discover` answers without its findings, where that is cheaper; undefined where only a whole discovery can tell. A layout
   * that has no such way is asked to discover.
   */
  candidates?(): Pick<Discovery, 'candidates' | 'passedOver'> | undefined;
  /** A broken component yields a claim with findings and blind spots; it never throws. */
  claim(candidate: Candidate): Claim;
  /** Needs of strength `hint`: plausible only. On request, never part of a claim. */
  hints?(candidate: Candidate): readonly Need[];
}
