import type { AdageRun, WorkParts, WorkWish } from './work-parts.ts';

export async function selfPublishedJob(
  { own }: AdageRun,
  _wish: WorkWish,
): Promise<Pick<WorkParts, 'variables' | 'handed'>> {
  return { variables: own, handed: own };
}
