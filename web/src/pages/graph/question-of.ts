import type { Question } from '../../api/transport.ts';

/** What the URL of the graph page holds. */
export interface GraphSearch {
  readonly root?: readonly string[] | undefined;
  readonly select?: readonly string[] | undefined;
  readonly depth?: number | undefined;
  readonly direction?: string | undefined;
  readonly group?: string | undefined;
  readonly open?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly hide?: readonly string[] | undefined;
  readonly find?: readonly string[] | undefined;
  readonly dependenciesOf?: readonly string[] | undefined;
  readonly dependentsOf?: readonly string[] | undefined;
  readonly impactOf?: readonly string[] | undefined;
  readonly compare?: string | undefined;
  readonly since?: string | undefined;
}

/** The question that a view asks: ways between two need both, and expansions need something they expand. */
export function questionOf({
  group,
  from,
  to,
  root,
  depth,
  dependenciesOf,
  dependentsOf,
  ...rest
}: GraphSearch): Question {
  const ways = from !== undefined && to !== undefined;
  const focused = !ways && root !== undefined && root.length > 0;
  return {
    ...rest,
    groupBy: group,
    ...(ways ? { from, to } : {}),
    ...(focused ? { root, depth, dependenciesOf, dependentsOf } : {}),
  };
}
