import type { Graph } from '../../graph/graph.ts';
import type { BlindSpot } from '../../graph/operations/impact.ts';
import { isOpenRead } from '../../model/claim.ts';
import type { ComponentId } from '../../model/component.ts';
import { contentsMark, isAmong, parseContents } from '../../model/contents.ts';
import type { Delta } from '../../model/rows.ts';
import type { Publication } from '../versions/project.ts';
import { blindSpotsOf } from './blind-spots.ts';
import type { BuiltView } from './build-view.ts';
import type { ReaderIndex } from './following/reader-index.ts';
import type { OpenedEstate } from './open-estate.ts';

/** The graph that a question is answered from, and what it is a graph of. */
export interface LoadedView {
  readonly graph: Graph;
  readonly hash: string;
  readonly kind: 'worktree' | 'revision' | 'version';
  /** In words, for the first line of an answer: `work tree at main (2 files not committed)`, `v12`. */
  readonly label: string;
  /** A commit id or version number where there is one. */
  readonly position: string;
  /** Environment values that inference asked for: name → sealed digest, or null when unset. */
  readonly environment: Readonly<Record<string, string | null>>;
  /** Present where the view was inferred and not loaded from a version or a snapshot. */
  readonly built?: BuiltView;
  /** What its claims are, where it was loaded or followed from an earlier view: they were not made again. */
  readonly claimedAs?: ClaimedAs;
  /** File → components whose read-set holds it. */
  readonly readers: () => ReaderIndex;
  /** What changed since a published version, where the view that it was made of is kept, and this one is. */
  readonly changesSince?: (version: Publication) => Delta | undefined;
  readonly estate?: OpenedEstate;
  /** Keeps the view for later processes, where that was put off. */
  readonly keep?: () => void;
}

/** The claims of a view as those of an earlier one, but for who read something else since. */
export interface ClaimedAs {
  /** Names the earlier view, with all that its claims rest on. */
  readonly of: string;
  /** Who was claimed anew since, or is gone. */
  readonly changed: () => ReadonlySet<ComponentId>;
}

/** What every answer says of the view it was given from. */
export interface ViewStamp {
  readonly kind: LoadedView['kind'];
  readonly label: string;
  readonly position: string;
  readonly hash: string;
}

export function stampOf({ kind, label, position, hash }: LoadedView): ViewStamp {
  return { kind, label, position, hash };
}

/**
 * Everything unproved in a view, with what `karma.yaml` assumes of it. A file that is not known hides no reference: it bears on
 * who changes with a commit, and on runs.
 */
export function viewBlindSpots({ graph, estate }: LoadedView): readonly BlindSpot[] {
  const assumptions = estate?.view.settings.assume ?? [];
  const known = assumptions.length === 0 ? unassumed.get(graph) : undefined;
  if (known !== undefined) return known;
  const blindSpots = blindSpotsOf(graph, assumptions).filter(({ code }) => !isOpenRead(code));
  if (assumptions.length === 0) unassumed.set(graph, blindSpots);
  return blindSpots;
}

/** Of a graph without assumptions: every question asks for all of them, and a graph stays as it is. */
const unassumed = new WeakMap<Graph, readonly BlindSpot[]>();

/** Where the person stands inside the estate, so that `.` and `../vpc` work. */
export function workingDirectoryOf(view: LoadedView): string {
  return view.estate?.workingDirectory ?? '';
}

/** Components whose read-set holds a file, as such or among the contents of a folder. */
export function readersOf(view: LoadedView): (file: string) => Iterable<ComponentId> {
  return (file) => {
    const index = view.readers();
    const found = new Set(index.get(file));
    if (!isBelowContents(index, file)) return found;
    for (const [place, ids] of index) {
      const contents = parseContents(place);
      if (contents !== undefined && isAmong(contents, file)) for (const id of ids) found.add(id);
    }
    return found;
  };
}

function isBelowContents(index: ReaderIndex, file: string): boolean {
  for (let cut = file.lastIndexOf('/'); cut > 0; cut = file.lastIndexOf('/', cut - 1))
    if (index.get(contentsMark(file.slice(0, cut))) !== undefined) return true;
  return index.get(contentsMark('')) !== undefined;
}
