import { type Doubt, ofTheEstate } from '../../graph/operations/impact.ts';
import { reach } from '../../graph/operations/reach.ts';
import { isComplete, type UnreadGroup, unreadGroups } from '../../graph/unread.ts';
import type { ComponentId } from '../../model/component.ts';
import { doubtsOf } from './doubts.ts';
import { doubtsIn, type LoadedView } from './view.ts';

export { assumedWords, type UnreadGroup, uncovered, unreadWords } from '../../graph/unread.ts';

/** What an answer that is not about a change owes: the doubts that could add to it. */
export interface Proved {
  readonly blindSpots: readonly Doubt[];
  /** What was not looked into, told once; assumptions of `karma.yaml` included. */
  readonly unread: readonly UnreadGroup[];
  /** Nothing unproved could change the answer, but for what is assumed. */
  readonly complete: boolean;
}

/** Whether all who read a component are known: what could not be read of any other may hide a reference to it. */
export function provedReaders(view: LoadedView, id: ComponentId): Proved {
  return proved(doubtsIn(view).filter(({ component, on }) => component !== id && (on === undefined || on === id)));
}

/** Whether it is known of what nodes depend on, directly or not: only what one of those does not show may lead elsewhere. */
export function provedDependencies(view: LoadedView, nodes: readonly number[]): Proved {
  const { graph } = view;
  const behind = new Set([...reach(graph, nodes, 'dependencies').nodes, ...nodes].map((node) => graph.id(node)));
  return proved(doubtsIn(view).filter(({ component }) => component === ofTheEstate || behind.has(component)));
}

/** Whether all is known that runs of components read themselves, files included; what those behind them read is their own. */
export function provedRuns({ graph, estate }: LoadedView, ids: ReadonlySet<ComponentId>): Proved {
  const doubts = doubtsOf(graph, estate?.view.settings.assume);
  return proved(doubts.filter(({ component }) => component === ofTheEstate || ids.has(component)));
}

function proved(doubts: readonly Doubt[]): Proved {
  const blindSpots = doubts.filter(({ unread }) => unread === undefined);
  const unread = unreadGroups(doubts);
  return { blindSpots, unread, complete: isComplete(blindSpots, unread) };
}
