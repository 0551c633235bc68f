import { object, text, texts } from '../../config/shape-parts.ts';
import { attributeKeys, attributeOf, layoutAttributes } from '../../graph/attributes.ts';
import type { Graph } from '../../graph/graph.ts';
import { groupBy } from '../../graph/operations/group-by.ts';
import type { ComponentId } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { nearest } from '../../model/nearest.ts';
import type { EngineContext } from '../context.ts';
import { cursor, limit, type Paged, type PageQuery, pageOf, viewToPage } from '../paging.ts';
import { selectNodes } from '../view/select.ts';
import { stampOf, type ViewStamp } from '../view/view.ts';
import { at, defineVerb, mustBeFew, select, type VerbCall } from './verb.ts';

export interface ListQuery extends PageQuery {
  readonly at?: string;
  readonly selection: readonly string[];
  readonly columns: readonly string[];
  readonly groupBy?: string;
}

export interface ListedComponent {
  readonly id: ComponentId;
  readonly kind: string;
  readonly environment: string;
  readonly external: boolean;
  readonly dependsOn: number;
  readonly usedBy: number;
  readonly findings: number;
  readonly columns: Readonly<Record<string, string>>;
}

export interface Listing extends Paged {
  readonly view: ViewStamp;
  readonly components: readonly ListedComponent[];
  /** Group name → ids, when grouping was asked for. */
  readonly groups?: Readonly<Record<string, readonly ComponentId[]>>;
}

export async function list(context: EngineContext, query: ListQuery, call: VerbCall = {}): Promise<Listing> {
  const view = await viewToPage(context, query);
  const { graph } = view;
  const { items: nodes, paged } = pageOf(await selectNodes(context, view, query.selection), view, query);
  mustBeFew(nodes.length, call);
  tellUnknownKeys(context, graph, query);
  const findings = new Map<string, number>();
  for (const { subject } of graph.findings()) findings.set(subject, (findings.get(subject) ?? 0) + 1);
  const { inStart, outStart } = graph.adjacency;
  const components = nodes.map((node): ListedComponent => {
    const row = graph.component(node);
    return {
      id: row.id,
      kind: row.kind === 'parameter' ? 'parameter' : row.type,
      environment: row.environment,
      external: row.external,
      dependsOn: (outStart[node + 1] ?? 0) - (outStart[node] ?? 0),
      usedBy: (inStart[node + 1] ?? 0) - (inStart[node] ?? 0),
      findings: findings.get(row.id) ?? 0,
      columns: Object.fromEntries(query.columns.map((column) => [column, attributeOf(row, column) ?? ''])),
    };
  });
  if (query.groupBy === undefined) return { view: stampOf(view), components, ...paged };
  const groups = [...groupBy(graph, query.groupBy, nodes)].map(
    ([name, members]) => [name, members.map((node) => graph.id(node))] as const,
  );
  return { view: stampOf(view), components, groups: Object.fromEntries(groups), ...paged };
}

/** A key that no component has would be a column of dashes, or one group of all: most often it is misspelt. */
function tellUnknownKeys(context: EngineContext, graph: Graph, { columns, groupBy: grouping }: ListQuery): void {
  const wanted = [...columns, ...(grouping === undefined ? [] : [grouping])];
  if (wanted.length === 0 || graph.size === 0) return;
  const known = [...new Set([...attributeKeys, ...layoutAttributes(graph)])].sort(byCodeUnit);
  for (const key of wanted.filter((one) => !known.includes(one))) {
    const [near] = nearest(key, known);
    const hint = near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`;
    context.report({ kind: 'note', text: `no component has an attribute ${key}; ${hint}` });
  }
}

export const listVerb = defineVerb({
  about: 'Components of a selection.',
  query: object('Which, and what of them.', {
    at,
    select,
    columns: texts('Attributes to tell of each.'),
    groupBy: text('Group by env, kind or an attribute.'),
    limit,
    cursor,
  }),
  writes: 'nothing',
  isSmall: true,
  run: (context, { at: when, select: selection = [], columns = [], groupBy: grouping, ...page }, call) =>
    list(
      context,
      {
        selection,
        columns,
        ...page,
        ...(when === undefined ? {} : { at: when }),
        ...(grouping === undefined ? {} : { groupBy: grouping }),
      },
      call,
    ),
});
