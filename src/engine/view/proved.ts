import { type BlindSpot, ofTheEstate } from '../../graph/operations/impact.ts';
import { reach } from '../../graph/operations/reach.ts';
import { isComplete, type UnreadGroup, unreadGroups } from '../../graph/unread.ts';
import type { ComponentId } from '../../model/component.ts';
import { blindSpotsOf } from './blind-spots.ts';
import { type LoadedView, viewBlindSpots } from './view.ts';

export { assumedWords, type UnreadGroup, uncovered, unreadWords } from '../../graph/unread.ts';

/** What an answer that is not about a change owes: the blind spots that could add to it. */
export interface Proved {
  readonly blindSpots: readonly BlindSpot[];
  /** What was not looked into, told once; assumptions of `karma.yaml` included. */
  readonly unread: readonly UnreadGroup[];
  /** Nothing unproved could change the answer, but for what is assumed. */
  readonly complete: boolean;
}

/** Whether all who read a component are known: what could not be read of any other may hide a reference to it. */
export function provedReaders(view: LoadedView, id: ComponentId): Proved {
  return proved(
    viewBlindSpots(view).filter(({ component, on }) => component !== id && (on === undefined || on === id)),
  );
}

/** Whether it is known of what nodes depend on, directly or not: only what one of those does not show may lead elsewhere. */
export function provedDependencies(view: LoadedView, nodes: readonly number[]): Proved {
  const { graph } = view;
  const behind = new Set([...reach(graph, nodes, 'dependencies').nodes, ...nodes].map((node) => graph.id(node)));
  return proved(viewBlindSpots(view).filter(({ component }) => component === ofTheEstate || behind.has(component)));
}

/** Whether all is known that runs of components read themselves, files included; what those behind them read is their own. */
export function provedRuns({ graph, estate }: LoadedView, ids: ReadonlySet<ComponentId>): Proved {
  const blindSpots = blindSpotsOf(graph, estate?.view.settings.assume);
  return proved(blindSpots.filter(({ component }) => component === ofTheEstate || ids.has(component)));
}

function proved(all: readonly BlindSpot[]): Proved {
  const blindSpots = all.filter(({ unread }) => unread === undefined);
  const unread = unreadGroups(all);
  return { blindSpots, unread, complete: isComplete(blindSpots, unread) };
}
