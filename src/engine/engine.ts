import type { Door } from '../model/event.ts';
import type { Person } from '../model/person.ts';
import type { Progress } from '../model/progress.ts';
import type { EngineContext } from './context.ts';
import { traced } from './traced.ts';

/** Who asks, through which door, and how they follow what they asked. */
export interface Asker {
  /** Default: whoever the engine was opened for. */
  readonly actor?: string;
  /** Default: a name that is the actor's; where nobody is named, whoever Git knows at this machine. */
  readonly person?: Person | undefined;
  readonly door: Door;
  /** The trace that who asks began. */
  readonly trace?: string | undefined;
  /** Given up: then the answer is worked out no further, and `KARMA_INTERRUPTED` is thrown. */
  readonly signal?: AbortSignal | undefined;
  readonly report?: ((progress: Progress) => void) | undefined;
  /** See the same of a context. */
  readonly mustIn?: EngineContext['mustIn'] | undefined;
  /** Somebody stands in a folder of the estate, and ids may be relative to it. */
  readonly standsThere?: boolean;
}

/** An estate as it was opened: everything that is the same whoever asks. */
export type OpenedEngine = Omit<
  EngineContext,
  'person' | 'door' | 'trace' | 'signal' | 'report' | 'mustIn' | 'standsThere'
>;

/** One estate, opened once, for all who ask it: each as themselves. What is remembered between questions is shared by all. */
export class Engine {
  readonly #opened: OpenedEngine;

  constructor(opened: OpenedEngine) {
    this.#opened = opened;
  }

  /** What verbs get of the estate when somebody asks them. */
  as({ actor, person, door, trace, signal, report, mustIn, standsThere }: Asker): EngineContext {
    // Who names an actor is not whoever Git knows here.
    const who = person ?? (actor === undefined ? undefined : { name: actor });
    let number = 0;
    const context: EngineContext = {
      ...this.#opened,
      door,
      report: (said) => report?.({ ...said, number: ++number }),
      ...(actor === undefined ? {} : { actor }),
      ...(who === undefined ? {} : { person: who }),
      ...(signal === undefined ? {} : { signal }),
      ...(mustIn === undefined ? {} : { mustIn }),
      ...(standsThere === true ? { standsThere } : {}),
    };
    return traced(context, trace);
  }

  /** Closes what was opened; who still asks is asking too late. */
  close(): Promise<void> {
    return this.#opened.stores.close();
  }
}
