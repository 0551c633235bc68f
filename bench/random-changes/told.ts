/** A line of the diary of somebody who changes an estate. */
export type Told =
  /** It was said to have happened, and stands in the ledger as this event. */
  | { readonly event?: string; readonly change: string; readonly what: string }
  /** It was refused, as may happen while others are at work. */
  | { readonly refused: string; readonly what: string; readonly words: string }
  /** What must never be answered. */
  | { readonly fault: string };
