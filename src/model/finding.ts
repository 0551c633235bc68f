import type { ComponentId } from './component.ts';
import type { Evidence } from './evidence.ts';

export type Severity = 'error' | 'warning' | 'info';

/** How bad findings are in one estate: `findings:` of `karma.yaml`. What is given must fit; the first that fits counts. */
export interface FindingRule {
  readonly code?: string;
  /** A glob: whom it is told of, or a file that shows it. */
  readonly path?: string;
  readonly severity: Severity;
  readonly reason: string;
}

/** Something wrong or odd that Karma noticed. Expected trouble is data: it never stops a build. */
export interface Finding {
  /** From the registry in `finding-codes.ts`. */
  readonly code: string;
  readonly severity: Severity;
  /** A component id, `type <key>`, `binding <name>`, `estate` or a file. */
  readonly subject: ComponentId | string;
  /** Tells two findings of one code and subject apart; stable while the message may be reworded. */
  readonly key: string;
  /** Lower-case start, names the wrong value. Outside the hash. */
  readonly message: string;
  /** What to do next. Outside the hash. */
  readonly hint?: string;
  readonly evidence: readonly Evidence[];
}
