import type { Parameter } from './port.ts';

/** What is known of everything that the Parameter Store of a binding holds. */
export interface SeenParameters {
  readonly parameters: readonly Parameter[];
  /** Why it was not read just now; then the parameters are those last seen. */
  readonly trouble?: ReadingTrouble;
  /** When they were seen, ISO 8601, where nobody looked just now because that was lately enough. */
  readonly seenAt?: string;
}

/** Whether one must look now, or may take what was seen lately: questions may, whatever writes or judges may not. */
export type ObservedWhen = 'now' | 'lately';

export interface ReadingTrouble {
  readonly reason: string;
  readonly hint?: string;
  /** When it was last read, ISO 8601; undefined: never, as far as is known here. */
  readonly seenAt: string | undefined;
}
