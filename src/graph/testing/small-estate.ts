import fc from 'fast-check';
import type { ComponentRow, DeploymentRow, TypeRow } from '../../model/component.ts';
import type { Finding } from '../../model/finding.ts';
import type { ReferenceRow } from '../../model/reference.ts';
import { makeRow, type Row } from '../../model/rows.ts';
import { type Graph, graphFrom } from '../graph.ts';

/** Small estates for tests, written as lines: `dev/db/main -> dev/vpc/main /vpc_id /subnets`. */

export function component(id: string, more: Partial<ComponentRow> = {}): Row {
  const steps = id.split('/');
  const row: ComponentRow = {
    id,
    kind: id.includes('param:') ? 'parameter' : 'component',
    layout: 'adage',
    external: false,
    type: steps.at(-2) ?? '',
    nickname: steps.at(-1) ?? id,
    environment: steps[0] ?? '',
    path: `iac/${id}`,
    module: `components/${steps.at(-2) ?? ''}`,
    configDigest: 'c0',
    attributes: {},
    sites: {},
    ...more,
  };
  const { sites, secrets, ...value } = row;
  const note = { secrets, sites: Object.keys(sites).length === 0 ? undefined : sites };
  return makeRow('component', id, value, (note.secrets ?? note.sites) ? note : undefined);
}

export function deployment({ secrets, ...value }: DeploymentRow): Row {
  const note = secrets === undefined ? undefined : { secrets };
  return makeRow('deployment', `${value.component}@${value.deployment}`, value, note);
}

export function reference(
  from: string,
  to: string,
  consumes: readonly string[] = [],
  more: Partial<ReferenceRow> = {},
): Row {
  const row: ReferenceRow = {
    from,
    to,
    origin: 'inferred',
    strength: 'proven',
    rules: ['nickname-key'],
    consumes,
    consumesFrom: {},
    tolerated: [],
    marks: [],
    evidence: [{ rule: 'nickname-key', site: 'config#/nickname', file: `iac/${from}/config.json` }],
    ...more,
  };
  return makeRow('reference', `${from}|${to}`, row);
}

export function type(key: string, more: Partial<TypeRow> = {}): Row {
  const row: TypeRow = {
    key,
    name: key.split('/').at(-1) ?? key,
    digest: 't0',
    variables: [],
    outputs: [],
    configKeys: [],
    parametersRead: [],
    parametersWritten: [],
    modules: [],
    sites: {},
    ...more,
  };
  const { sites, ...value } = row;
  return makeRow('type', key, value, Object.keys(sites).length === 0 ? undefined : { sites });
}

export function finding(code: string, subject: string, more: Partial<Finding> = {}): Row {
  const { message, hint, ...value }: Finding = {
    code,
    severity: 'warning',
    subject,
    key: '',
    message: `${code} in ${subject}`,
    evidence: [],
    ...more,
  };
  return makeRow(
    'finding',
    `${code}|${subject}|${value.key}`,
    value,
    hint === undefined ? { message } : { message, hint },
  );
}

/**
 * Rows of an estate given line by line: `id` alone is a component, `from -> to /pointer …` a reference (without pointers it
 * only orders). Ids that stand only in references become components too.
 */
export function estateRows(text: string): Row[] {
  const ids = new Set<string>();
  const references: Row[] = [];
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue;
    const [from = '', arrow, to = '', ...consumes] = line.split(/\s+/);
    ids.add(from);
    if (arrow !== '->') continue;
    ids.add(to);
    references.push(reference(from, to, consumes));
  }
  return [...[...ids].map((id) => component(id)), ...references];
}

export function estate(text: string, more: readonly Row[] = []): Graph {
  return graphFrom([...estateRows(text), ...more]);
}

/** Ids of nodes, for comparing. */
export function idsOf(graph: Graph, nodes: Iterable<number>): string[] {
  return [...nodes].map((node) => graph.id(node));
}

export interface RandomEdge {
  readonly from: number;
  readonly to: number;
  readonly consumes: readonly string[];
}

/** Random graphs, cycles and self-references included, of up to 12 components. */
export const randomEdges: fc.Arbitrary<readonly RandomEdge[]> = fc.uniqueArray(
  fc.record({
    from: fc.nat(11),
    to: fc.nat(11),
    consumes: fc.uniqueArray(fc.constantFrom('/a', '/b', '/a/x', '*'), { maxLength: 2 }),
  }),
  { maxLength: 30, selector: ({ from, to }) => `${from}|${to}` },
);

export function randomId(node: number): string {
  return `dev/t/n${String(node).padStart(2, '0')}`;
}

export function randomGraph(edges: readonly RandomEdge[]): Graph {
  const components = Array.from({ length: 12 }, (_, node) => component(randomId(node)));
  return graphFrom([
    ...components,
    ...edges.map(({ from, to, consumes }) => reference(randomId(from), randomId(to), consumes)),
  ]);
}
