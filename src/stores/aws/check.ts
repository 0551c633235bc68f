import { isKarmaError } from '../../model/errors.ts';

/** One thing that `karma doctor` tried on a store, and how it went. Trying writes nothing. */
export interface StoreCheck {
  /** `reach`, `read`, `write` … */
  readonly name: string;
  /** `unknown` where it cannot be tried without writing. */
  readonly state: 'ok' | 'failed' | 'unknown';
  readonly message: string;
  readonly hint?: string;
}

/** Tries one thing; what it throws is the answer, not an error. */
export async function tryCheck(name: string, work: () => Promise<string>): Promise<StoreCheck> {
  try {
    return { name, state: 'ok', message: await work() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const hint = isKarmaError(error) ? error.hint : undefined;
    return { name, state: 'failed', message, ...(hint === undefined ? {} : { hint }) };
  }
}
