import type { Binding } from '../../config/binding.ts';
import type { KarmaFile } from '../../config/karma-file.ts';
import type { EstateView } from '../../model/estate.ts';
import type { Finding } from '../../model/finding.ts';
import type { EstateRoot } from './estate-root.ts';
import type { OpenSource } from './source.ts';

/** An estate as it was found: views to infer from, and where each of them stands. */
export interface EstateObservation {
  readonly root: EstateRoot;
  /** `estate:` of `karma.yaml`, else the repository's name. */
  readonly name: string;
  /** At the position read, not on disk. */
  readonly karmaFile: KarmaFile | undefined;
  /** Without parameters: those come from another door. */
  readonly view: EstateView;
  readonly main: OpenSource;
  /** Opened sources, the main one first. */
  readonly opened: readonly OpenSource[];
  readonly sources: readonly SourceObservation[];
  readonly bindings: readonly Binding[];
  /** Equal while nothing of any source changed. */
  readonly identity: string;
  /** Reads what evaluation is likely to ask for in one go. Never needed for correctness. */
  preload(wanted?: (path: string) => boolean): Promise<void>;
  /** What is odd about the sources themselves; complete once everything was evaluated. Sorted. */
  findings(): readonly Finding[];
}

/** One line of the manifest: a source and the position read. */
export interface SourceObservation {
  /** The repository's name; `''` is the main one. */
  readonly source: string;
  readonly folder: string | undefined;
  readonly read: boolean;
  /** Why it was not read. */
  readonly reason?: string;
  /** A commit, `worktree`, or `''` when it was not read. */
  readonly position: string;
  readonly commit?: string;
  readonly branch?: string;
  /** Equal identities mean equal content. */
  readonly identity: string;
  /** How many files are not as in the commit. */
  readonly dirty: number;
  /** In words: what was followed, and who asked for it. */
  readonly followed: string;
  readonly why: string;
}
