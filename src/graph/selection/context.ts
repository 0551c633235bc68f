import type { ComponentId } from '../../model/component.ts';
import type { Graph } from '../graph.ts';

/** What a selection needs to know that the graph does not. */
export interface SelectionContext {
  /** Relative to the estate's root; `''` is the root. */
  readonly workingDirectory?: string;
  /** Components that differ between two revisions, for `[main...HEAD]`. */
  readonly changedIn?: (from: string, to: string) => Iterable<ComponentId>;
  /** Components whose read-set holds a file that matches, for `reading=`. */
  readonly reading?: (matches: (file: string) => boolean) => Iterable<ComponentId>;
  /** Components whose read-set holds this very file. */
  readonly readersOf?: (file: string) => Iterable<ComponentId>;
  /** Attributes that are not in the graph, such as `status`, by key. */
  readonly attributes?: Readonly<Record<string, (id: ComponentId) => string | undefined>>;
}

/** The set a part of a selection chooses from, and what it learnt on the way. */
export interface Evaluation {
  readonly graph: Graph;
  readonly text: string;
  readonly context: SelectionContext;
  readonly unmatched: Map<string, readonly ComponentId[]>;
}
