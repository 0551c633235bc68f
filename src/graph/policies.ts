import { isKarmaError } from '../model/errors.ts';
import type { Policy } from '../model/estate.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import { findingKinds } from '../model/finding-codes.ts';
import { at } from './adjacency.ts';
import type { Graph } from './graph.ts';
import { select } from './selection/select.ts';

/** So many breaches of an estate are told each for itself: a thousand policies may each forbid all of its references. */
export const mostTold = 10_000;

/**
 * Every breach of every policy, told on the dependent; of those beyond {@link mostTold} how many they are, by policy. O(policies ×
 * (components + references)).
 */
export function policyFindings(graph: Graph, policies: readonly Policy[]): Finding[] {
  const findings: Finding[] = [];
  for (const policy of policies)
    try {
      findings.push(...breachesOf(graph, policy, mostTold - findings.length));
    } catch (error) {
      if (!isKarmaError(error)) throw error;
      findings.push(unusable(policy, error.message));
    }
  return findings;
}

function breachesOf(graph: Graph, policy: Policy, most: number): Finding[] {
  const from = nodesOf(graph, policy.from);
  const to = nodesOf(graph, policy.to);
  const { edgeFrom, edgeTo } = graph.adjacency;
  const findings: Finding[] = [];
  let more = 0;
  for (let edge = 0; edge < graph.edges; edge++) {
    if (from?.has(at(edgeFrom, edge)) === false || to?.has(at(edgeTo, edge)) === false) continue;
    if (findings.length >= most) {
      more += 1;
      continue;
    }
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
  return more === 0 ? findings : [...findings, untold(policy, more)];
}

/** The number is part of the key: one breach more is another finding. */
function untold({ name, severity }: Policy, more: number): Finding {
  return {
    code: 'policy-breached',
    severity: severity ?? findingKinds['policy-breached'].severity,
    subject: 'estate',
    key: `${name}|${more} more`,
    message: `${more} more references, which policy \`${name}\` forbids: only the first ${mostTold} breaches are told one by one`,
    evidence: [placeOf(name)],
  };
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
    evidence: [placeOf(name)],
  };
}

function placeOf(name: string): Evidence {
  return { rule: 'policy', site: `karma.yaml#/policies (${name})`, file: 'karma.yaml' };
}
