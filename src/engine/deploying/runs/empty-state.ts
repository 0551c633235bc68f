import { existsSync } from 'node:fs';
import { stateFileOf, type Workplace } from '../../../run/workplace.ts';
import type { DeployFacts } from '../deploy-facts.ts';

/**
 * Whether a deploy would notice that a state is not where it is looked for. An empty state is refused where a runtime is there;
 * what ran and has no outputs has none, and an apply would make everything of it a second time.
 */
export function wouldNoticeEmptyState(
  { records }: Pick<DeployFacts, 'records'>,
  key: string,
  runtimeExists: boolean | undefined,
  workplace: Workplace,
): boolean {
  const local = stateFileOf(workplace);
  if (local !== undefined && existsSync(local)) return true;
  return runtimeExists === true || records.get(key)?.finished === undefined;
}
