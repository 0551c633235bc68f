import { isKarmaError } from '../model/errors.ts';
import type { Policy } from '../model/estate.ts';
import type { Finding } from '../model/finding.ts';
import { findingKinds } from '../model/finding-codes.ts';
import { at } from './adjacency.ts';
import type { Graph } from './graph.ts';
import { select } from './selection/select.ts';

/** Every breach of every policy, told on the dependent. O(policies × (components + references)). */
export function policyFindings(graph: Graph, policies: readonly Policy[]): Finding[] {
  return policies.flatMap((policy) => {
    try {
      return breachesOf(graph, policy);
    } catch (error) {
      if (!isKarmaError(error)) throw error;
      return [unusable(policy, error.message)];
    }
  });
}

function breachesOf(graph: Graph, policy: Policy): Finding[] {
  const from = nodesOf(graph, policy.from);
  const to = nodesOf(graph, policy.to);
  const { edgeFrom, edgeTo } = graph.adjacency;
  const findings: Finding[] = [];
  for (let edge = 0; edge < graph.edges; edge++) {
    if (from?.has(at(edgeFrom, edge)) === false || to?.has(at(edgeTo, edge)) === false) continue;
    const reference = graph.reference(edge);
    findings.push({
      code: 'policy-breached',
      severity: policy.severity ?? findingKinds['policy-breached'].severity,
      subject: reference.from,
      key: `${policy.name}|${reference.to}`,
      message: `depends on ${reference.to}, which policy \`${policy.name}\` forbids${policy.reason === undefined ? '' : `: ${policy.reason}`}`,
      evidence: graph.evidence(edge),
    });
  }
  return findings;
}

/** Undefined: every component. */
function nodesOf(graph: Graph, selection: string | undefined): ReadonlySet<number> | undefined {
  return selection === undefined ? undefined : new Set(select(graph, [selection]).nodes);
}

function unusable({ name }: Policy, message: string): Finding {
  return {
    code: 'policy-unusable',
    severity: findingKinds['policy-unusable'].severity,
    subject: 'estate',
    key: name,
    message: `policy \`${name}\`: ${message}`,
    evidence: [{ rule: 'policy', site: `karma.yaml#/policies (${name})`, file: 'karma.yaml' }],
  };
}
