import type { ComponentId } from './component.ts';
import type { Evidence } from './evidence.ts';
import type { Pointer } from './pointer.ts';

export type Origin = 'declared' | 'inferred';

/** `proven` may order, block and gate; a `hint` never does and is never stored. */
export type Strength = 'proven' | 'hint';

/** A directed edge, dependent → what it depends on. One per pair. */
export interface ReferenceRow {
  readonly from: ComponentId;
  readonly to: ComponentId;
  readonly origin: Origin;
  readonly strength: Strength;
  /** Sorted. */
  readonly rules: readonly string[];
  /** What is consumed of the provider, over all its runtimes. Empty: it only orders. `*`: no smaller set could be proved. */
  readonly consumes: readonly Pointer[];
  /** The same by runtime (a parameter's name, a state's address, a unit). */
  readonly consumesFrom: Readonly<Record<string, readonly Pointer[]>>;
  /** Pointers read only under `try` or `lookup` with a fallback. */
  readonly tolerated: readonly Pointer[];
  /** Marks such as `cross-environment`, `cross-account`, `cloud` (the edge goes through a data source). Sorted. */
  readonly marks: readonly string[];
  readonly evidence: readonly Evidence[];
}
