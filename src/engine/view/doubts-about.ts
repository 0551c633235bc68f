import type { Graph } from '../../graph/graph.ts';
import type { Doubt } from '../../graph/operations/impact.ts';
import { reach } from '../../graph/operations/reach.ts';
import type { ComponentId } from '../../model/component.ts';
import { doubtsOf } from './view.ts';

/** What an answer that is not about a change owes: the doubts that could add to it. */
export interface Proved {
  readonly blindSpots: readonly Doubt[];
  /** Nothing unproved could change the answer. */
  readonly complete: boolean;
}

/** Whether all who read a component are known: what could not be read of any other may hide a reference to it. */
export function provedReaders(graph: Graph, id: ComponentId): Proved {
  return proved(doubtsOf(graph).filter(({ component, on }) => component !== id && (on === undefined || on === id)));
}

/** Whether it is known of what nodes depend on, directly or not: only what one of those does not show may lead elsewhere. */
export function provedDependencies(graph: Graph, nodes: readonly number[]): Proved {
  const behind = new Set([...reach(graph, nodes, 'dependencies').nodes, ...nodes].map((node) => graph.id(node)));
  return proved(doubtsOf(graph).filter(({ component }) => behind.has(component)));
}

function proved(blindSpots: readonly Doubt[]): Proved {
  return { blindSpots, complete: blindSpots.length === 0 };
}
