import { evaluate } from '../../hcl/evaluate.ts';
import { EvaluationError } from '../../hcl/scope.ts';
import type { Place, Value } from '../../hcl/value.ts';
import { isList, isUnknown } from '../../hcl/value.ts';
import { failingParts } from './failing-parts.ts';
import { filesNamedIn } from './files-named.ts';
import type { ModuleInstance } from './instance.ts';
import { NoInstanceError } from './instance-keys.ts';
import { ReadLines } from './read-lines.ts';
import { flowOf } from './sink-flow.ts';
import type { Sink } from './sinks.ts';
import { sinksOf } from './sinks.ts';

/** One part of a source that is read, with the first place where it is. */
export interface Read {
  /** The steps into the source: `value vpc_id`. `*` is "each, or one that cannot be told". */
  readonly steps: readonly string[];
  /** Every read of it stands under `try`, `can` or `lookup` with a fallback. */
  readonly tolerated: boolean;
  readonly site: string;
  readonly file: string;
  readonly line: number;
}

/** An expression that Terraform would refuse with these variables. */
export interface Failure {
  /** `no-instance`: it steps into something whose count is 0, and it is certain to be evaluated. */
  readonly kind: 'no-instance' | 'other';
  readonly site: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

export interface Consumption {
  /** By source: the address of a block's instance (`data.aws_ssm_parameter.vpc["a"]`), `module.far`, `config` … Sorted. */
  readonly reads: ReadonlyMap<string, readonly Read[]>;
  readonly failures: readonly Failure[];
}

export interface ConsumptionOptions {
  /** Whether a place is the whole of its source, which a local may hold without consuming it. */
  readonly isHandle?: (place: Place) => boolean;
}

/** Nothing, or one attribute of a block: `value`, `outputs`. */
const isWholeSource = (place: Place): boolean => place.steps.length <= 1;

/**
 * What a module and its children read of each source, over everything that they do with it: over-approximated where the
 * analysis cannot follow (`*`, the parent), never missed. Cost: each expression of each differing instance once.
 */
export function consumptionOf(root: ModuleInstance, options: ConsumptionOptions = {}): Consumption {
  const gathering = new Gathering(root, options.isHandle ?? isWholeSource);
  for (const sink of sinksOf(root)) gathering.sink(sink);
  return gathering.finish();
}

/** Where something is read; the line is worked out for what is kept. */
type Where = Pick<Sink, 'site' | 'file'> & { readonly lines?: ReadLines };

class Gathering {
  readonly #root: ModuleInstance;
  readonly #isHandle: (place: Place) => boolean;
  readonly #reads = new Map<string, Map<string, Read>>();
  readonly #failures: Failure[] = [];

  constructor(root: ModuleInstance, isHandle: (place: Place) => boolean) {
    this.#root = root;
    this.#isHandle = isHandle;
  }

  sink(sink: Sink): void {
    const lines = new ReadLines(sink.expr, sink.scope, sink.at);
    const { account } = this.#root;
    account?.enter({ site: sink.site, file: sink.file, line: sink.at.line });
    try {
      const evaluated = evaluate(sink.expr, sink.scope);
      if (account !== undefined) filesNamedIn(sink, evaluated, this.#root, account);
      for (const { value, handsOn } of flowOf(sink, evaluated)) this.#value(value, { ...sink, handsOn, lines });
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      this.#failures.push({
        kind: error instanceof NoInstanceError && !sink.unsure ? 'no-instance' : 'other',
        site: sink.site,
        file: sink.file,
        line: error.at.line > 0 ? error.at.line : sink.at.line,
        message: error.message,
      });
      for (const { value, handsOn } of failingParts(sink.expr, sink.scope))
        this.#value(value, { ...sink, handsOn, lines });
    }
  }

  #value(value: Value, sink: Sink & Where): void {
    if (value === null || typeof value !== 'object') return;
    if (isUnknown(value)) {
      const held = sink.handsOn ? value.alternatives : [];
      for (const place of value.places) if (!held.includes(place) || !this.#isWhole(place)) this.#read(place, sink);
    } else for (const member of isList(value) ? value : Object.values(value)) this.#value(member, sink);
  }

  #isWhole(place: Place): boolean {
    return this.#isHandle(this.#root.instancePlace(place));
  }

  #read(place: Place, { site, file, lines }: Where): void {
    const { source, steps } = this.#root.instancePlace(place);
    const reads = this.#reads.get(source) ?? new Map<string, Read>();
    this.#reads.set(source, reads);
    const key = steps.join('\n');
    const known = reads.get(key);
    const tolerated = place.tolerated === true;
    if (known === undefined || (known.tolerated && !tolerated))
      reads.set(key, { steps, tolerated, site, file, line: lines?.lineOf(place) ?? 0 });
  }

  finish(): Consumption {
    for (const place of this.#root.droppedPlaces.filter((one) => !this.#isWhole(one)))
      this.#read(place, { site: '', file: this.#root.module.key });
    const sources = [...this.#reads.keys()].sort();
    return {
      reads: new Map(
        sources.map((source) => {
          const reads = this.#reads.get(source) ?? new Map<string, Read>();
          return [source, [...reads.keys()].sort().flatMap((key) => reads.get(key) ?? [])];
        }),
      ),
      failures: this.#failures,
    };
  }
}
