import type { LayoutName } from '../model/component.ts';
import type { Door } from '../model/event.ts';
import type { Environment } from '../model/file-view.ts';
import type { Report } from '../model/progress.ts';
import type { Seal } from '../model/record.ts';
import type { Cache } from '../observe/cache.ts';
import type { GraphStore } from '../stores/graph/port.ts';
import type { Ledger } from '../stores/ledger/port.ts';
import type { ParameterStore } from '../stores/parameters/port.ts';

/** What every verb gets: where the estate is, who asks, the clock, and the doors to what is kept. All injected. */
export interface EngineContext {
  readonly request: EstateRequest;
  readonly env: Environment;
  readonly actor: string;
  readonly door: Door;
  /** ISO 8601, UTC. */
  readonly now: () => string;
  readonly newId: () => string;
  readonly report: Report;
  readonly stores: Stores;
  readonly version: string;
  /** Answers kept from one process to the next; never needed for correctness. */
  readonly cache: Cache;
}

export interface EstateRequest {
  /** Where the person stands; ids may be relative to it. */
  readonly cwd: string;
  /** Other repositories: `PATH` or `PATH@REF`. */
  readonly repos: readonly string[];
  /** A `karma.yaml` named by hand. */
  readonly configFile?: string;
  /** Layouts forced by hand. */
  readonly layouts?: readonly LayoutName[];
}

/** Opened when first asked for, so that a question that needs no store opens none. */
export interface Stores {
  ledger(): Promise<Ledger>;
  graph(): Promise<GraphStore>;
  parameters(binding: string): Promise<ParameterStore>;
  /** Bindings that the parameter store holds anything of, so that a question knows whether to look. */
  knownBindings(): Promise<readonly string[]>;
  /**
   * The keyed digest under the estate's key. A question makes no key: where there is none yet it gets one that lasts as long as
   * the process, which is enough to compare what it reads itself. To keep digests, ask for the key that stays.
   */
  seal(purpose: 'ask' | 'keep'): Promise<Seal>;
  /** Where the embedded data lies, for `karma doctor`. */
  readonly dataFolder: string;
  /** Somebody said where that is: an option, the environment or karma.yaml. */
  readonly placeGiven: boolean;
  close(): Promise<void>;
}
