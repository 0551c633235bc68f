import type { Graph } from '../../graph/graph.ts';
import type { Evidence } from '../../model/evidence.ts';

/**
 * The graph as JSON lines for other programs, one object a line: components, parameters, references, findings, each sorted by
 * key. `kind` comes first and says which it is; keys keep their order; new keys may be added, none changes its meaning.
 */
export function* exportLines(graph: Graph): Generator<string> {
  const nodes = [...graph.ids.keys()];
  const parameters = new Set(nodes.filter((node) => graph.component(node).kind === 'parameter'));
  for (const node of nodes) if (!parameters.has(node)) yield componentLine(graph, node);
  for (const node of parameters) yield parameterLine(graph, node);
  for (let edge = 0; edge < graph.edges; edge++) yield referenceLine(graph, edge);
  for (const { code, severity, subject, key, message, hint, evidence } of graph.findings()) {
    yield JSON.stringify({
      kind: 'finding',
      code,
      severity,
      subject,
      key,
      message,
      hint,
      evidence: evidence.map(shown),
    });
  }
}

function componentLine(graph: Graph, node: number): string {
  const row = graph.component(node);
  return JSON.stringify({
    kind: 'component',
    id: row.id,
    type: row.type,
    nickname: row.nickname,
    environment: row.environment,
    layout: row.layout,
    external: row.external,
    path: row.path,
    module: row.module,
    configDigest: row.configDigest,
    attributes: row.attributes,
    outputs: row.outputs,
    deployments: graph.deployments(row.id).map(({ deployment, runtimes }) => ({ deployment, runtimes })),
    blindSpots: graph.blindSpots(node).map(({ code, on, evidence }) => ({ code, on, evidence: shown(evidence) })),
  });
}

function parameterLine(graph: Graph, node: number): string {
  const { id, nickname, environment, external, attributes } = graph.component(node);
  const name = /param:(.*)$/.exec(id)?.[1] ?? nickname;
  return JSON.stringify({ kind: 'parameter', id, name, environment, external, attributes });
}

function referenceLine(graph: Graph, edge: number): string {
  const { from, to, origin, strength, rules, consumes, consumesFrom, tolerated, marks } = graph.reference(edge);
  const evidence = graph.evidence(edge).map(shown);
  return JSON.stringify({
    kind: 'reference',
    from,
    to,
    origin,
    strength,
    rules,
    consumes,
    consumesFrom,
    tolerated,
    marks,
    evidence,
  });
}

/** Evidence in one order of keys, whatever order it was stored in. */
function shown({ rule, site, file, line, expression, parameter, version }: Evidence): Evidence {
  return {
    rule,
    site,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(expression === undefined ? {} : { expression }),
    ...(parameter === undefined ? {} : { parameter }),
    ...(version === undefined ? {} : { version }),
  };
}
