import type { Claim } from '../../model/claim.ts';
import type { ComponentId } from '../../model/component.ts';
import type { Graph } from '../graph.ts';

/** One end of a range: its graph, and the claims behind it, asked for one by one because most are the same at both ends. */
export interface RangeEnd {
  readonly graph: Graph;
  readonly claim: (id: ComponentId) => Claim | undefined;
}

/** A component that is at both ends; a moved one has another id at each. */
export interface Pair {
  readonly id: ComponentId;
  readonly was: ComponentId;
}
