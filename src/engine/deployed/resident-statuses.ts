import type { KeptRecords } from '../../deploy/records.ts';
import type { EstateView, ParameterObservation } from '../../model/estate.ts';
import type { LoadedView } from '../view/view.ts';
import type { KnownComponent } from './known-components.ts';
import { ResidentRecords } from './resident-records.ts';
import type { ComponentStatus } from './status-facts.ts';

/** What statuses were told on, part by part: whatever differs says which of them do not hold any more. */
export interface SourceMarks {
  /** Everything that they rest on beside records and parameters: files, graph, settings, local states. */
  readonly rest: string;
  readonly records: ReadonlyMap<string, KeptRecords>;
  readonly parameters: EstateView['parameters'];
  /** Accounts that could not be read. */
  readonly unread: readonly string[];
}

/** A status with the names of the records and parameters that were looked up for it. */
interface Told {
  readonly status: ComponentStatus;
  readonly reads: readonly string[];
}

/** Of questions about single accounts so many are remembered beside the one about all. */
const mostQuestions = 4;

/**
 * What a process that stays remembers of the statuses it told. Nothing is believed for its name: each is told again as soon as a
 * record or a parameter that was looked up for it is another one, and all of them when anything else is.
 */
export class ResidentStatuses {
  readonly records = new ResidentRecords();
  readonly #told = new Map<string, Statuses>();
  #components:
    | {
        readonly of: { readonly graph: LoadedView['graph']; readonly built: LoadedView['built'] | undefined };
        readonly known: readonly KnownComponent[];
      }
    | undefined;

  /** Those of one question, without what does not hold on these sources. */
  on(sources: SourceMarks, question: string): Statuses {
    const before = this.#told.get(question);
    const held = before?.movedTo(sources) ?? new Statuses(sources);
    this.#told.delete(question);
    this.#told.set(question, held);
    for (const name of this.#told.keys()) if (this.#told.size > mostQuestions) this.#told.delete(name);
    return held;
  }

  /** Made once of each graph, and of the claims that it was made with. */
  componentsOf({ graph, built }: LoadedView, make: () => readonly KnownComponent[]): readonly KnownComponent[] {
    const { of } = this.#components ?? {};
    if (of?.graph !== graph || of.built !== built) this.#components = { of: { graph, built }, known: make() };
    return this.#components?.known ?? make();
  }
}

/** Statuses that rest on the same sources. */
export class Statuses {
  readonly #sources: SourceMarks;
  readonly #told: Map<string, Told>;
  /** What is told of the whole, and only as long as nothing at all differs. */
  readonly whole = new Map<string, unknown>();
  #reads: Set<string> | undefined;

  constructor(sources: SourceMarks, told: Map<string, Told> = new Map()) {
    this.#sources = sources;
    this.#told = told;
  }

  get isEmpty(): boolean {
    return this.#told.size === 0;
  }

  get(key: string, make: () => ComponentStatus): ComponentStatus {
    const known = this.#told.get(key);
    if (known !== undefined) return known.status;
    const outer = this.#reads;
    const reads = new Set<string>();
    this.#reads = reads;
    try {
      const status = make();
      this.#told.set(key, { status, reads: [...reads] });
      return status;
    } finally {
      this.#reads = outer;
    }
  }

  /** Something is looked up for the status that is being made. */
  readRecord(key: string): void {
    this.#reads?.add(recordName(key));
  }

  readParameter(name: string): void {
    this.#reads?.add(parameterName(name));
  }

  /** The same on other sources, without what does not hold there; undefined where nothing does. */
  movedTo(sources: SourceMarks): Statuses | undefined {
    const before = this.#sources;
    if (sources.rest !== before.rest || !sameNames(sources, before)) return undefined;
    const changed = new Set([
      ...changedKeys(before.records, sources.records, isSame).map(recordName),
      ...[...sources.parameters].flatMap(([binding, now]) =>
        changedKeys(before.parameters.get(binding) ?? new Map(), now, isSameParameter).map(parameterName),
      ),
    ]);
    const isWhole = sources.records === before.records && changed.size === 0;
    if (isWhole) return this;
    const holds = ({ reads }: Told) => !reads.some((read) => changed.has(read));
    return new Statuses(sources, new Map([...this.#told].filter(([, told]) => holds(told))));
  }
}

function recordName(key: string): string {
  return `record ${key}`;
}

function parameterName(name: string): string {
  return `parameter ${name}`;
}

function sameNames(a: SourceMarks, b: SourceMarks): boolean {
  return (
    a.unread.join('\n') === b.unread.join('\n') &&
    [...a.parameters.keys()].join('\n') === [...b.parameters.keys()].join('\n')
  );
}

function changedKeys<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  same: (a: T, b: T) => boolean,
): readonly string[] {
  if (before === after) return [];
  const changed: string[] = [];
  for (const [key, value] of after) {
    const was = before.get(key);
    if (was === undefined || !same(was, value)) changed.push(key);
  }
  for (const key of before.keys()) if (!after.has(key)) changed.push(key);
  return changed;
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b;
}

function isSameParameter(a: ParameterObservation, b: ParameterObservation): boolean {
  return a === b || (a.version === b.version && a.value === b.value && a.secure === b.secure);
}
