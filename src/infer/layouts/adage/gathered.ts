import type { Claim, ClaimBlindSpot, Need } from '../../../model/claim.ts';
import type { Finding } from '../../../model/finding.ts';

/** What is gathered about one component while it is claimed. */
export interface Gathered {
  readonly needs: Need[];
  readonly findings: Finding[];
  readonly blindSpots: Omit<ClaimBlindSpot, 'component'>[];
  readonly externals: NonNullable<Claim['externals']>[number][];
  /** Config pointers that evidence names, with their places. */
  readonly sites: Map<string, readonly [file: string, line: number]>;
}
