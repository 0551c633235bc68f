import { useAnswer } from '../../../api/use-answer.ts';
import { RequestState } from '../../runs/request-state.tsx';

/** How the plan that was asked for last stands, while there is none of it, or where it came to nothing. */
export function PlanAsked({ change }: { readonly change: string }) {
  const asked = useAnswer('/v1/requests', { limit: 500 }, { keep: true });
  const [newest] = (asked.data?.requests ?? [])
    .filter(({ of }) => of === change)
    .toSorted((a, b) => (a.askedAt < b.askedAt ? 1 : -1));
  if (newest === undefined || newest.state === 'finished' || newest.state === 'cancelled') return null;
  return (
    <span title={newest.message}>
      <RequestState state={newest.state} />
    </span>
  );
}
