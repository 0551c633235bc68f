import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemCard } from './problem-card.tsx';
import { Skeleton } from './skeleton.tsx';

/**
 * An answer as soon as it is there; before that its outline, and where there is none the problem. What was answered before
 * stays on the page while a service is away: it was true then, and the line at the foot says that nobody listens.
 */
export function Asked<Answer>({
  query,
  waiting,
  children,
}: {
  readonly query: UseQueryResult<Answer>;
  readonly waiting?: ReactNode;
  readonly children: (answer: Answer) => ReactNode;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error !== null) return <ProblemCard error={query.error} retry={() => void query.refetch()} />;
  return <>{waiting ?? <Skeleton />}</>;
}
