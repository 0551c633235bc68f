import { EvaluationError } from './scope.ts';
import type { At } from './tree.ts';

/** Runs something that fails with a plain sentence, and says where it happened. */
export function guarded<T>(at: At, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof EvaluationError) throw error;
    throw new EvaluationError(error instanceof Error ? error.message : String(error), at);
  }
}
