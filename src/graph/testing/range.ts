import type { Claim, Provide } from '../../model/claim.ts';
import type { Row } from '../../model/rows.ts';
import { graphFrom } from '../graph.ts';
import type { RangeEnd } from '../impact-of-change/range-end.ts';
import { component } from './small-estate.ts';

/** What a test says of one component at one end of a range. */
export interface SmallClaim {
  readonly evaluated?: Readonly<Record<string, unknown>>;
  /** Path → content. */
  readonly files?: Readonly<Record<string, string | null>>;
  readonly row?: Parameters<typeof component>[1];
  readonly state?: string;
  readonly more?: Partial<Claim>;
}

/** One end: components with their claims, and whatever other rows (references, types, findings). */
export function end(claims: Readonly<Record<string, SmallClaim>>, rows: readonly Row[] = []): RangeEnd {
  const graph = graphFrom([...Object.entries(claims).map(([id, { row }]) => component(id, row)), ...rows]);
  const made = new Map(
    Object.entries(claims).map(([id, small]) => [id, claimOf(graph.component(graph.node(id) ?? -1), small)]),
  );
  return { graph, claim: (id) => made.get(id) };
}

function claimOf(row: Claim['component'], { evaluated = {}, files = {}, state, more = {} }: SmallClaim): Claim {
  const provides: readonly Provide[] =
    state === undefined
      ? []
      : [{ key: `state:${state}`, runtime: state, exclusive: true, evidence: { rule: 'state', site: 'backend' } }];
  return {
    component: row,
    types: [],
    provides,
    needs: [],
    blindSpots: [],
    findings: [],
    readSet: { files, folders: {}, environment: {}, parameters: {} },
    evaluated,
    ...more,
  };
}
