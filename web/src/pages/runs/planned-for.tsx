import { Link } from '@tanstack/react-router';
import type { LedgerEvent, ToldRun } from '../../api/answers.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { PlanCounts } from '../changes/plan/member-plan.tsx';
import { type PlannedResource, ResourceList } from '../changes/plan/resource-list.tsx';

/** What was planned when a run began to apply, resource by resource, and the change that it belongs to. */
export function PlannedFor({
  run: { deploy, changes, state },
  events,
}: {
  readonly run: ToldRun;
  readonly events: readonly Pick<LedgerEvent, 'details'>[];
}) {
  const asked = useAnswer('/v1/requests', { limit: 500 }, { keep: true, enabled: deploy !== undefined });
  const of = (asked.data?.requests ?? []).find(({ deploys = [] }) => deploy !== undefined && deploys.includes(deploy));
  const resources = events.flatMap(({ details }) => resourcesIn(details['resources']));
  if (resources.length === 0 && changes === undefined && of?.change === undefined) return null;
  return (
    <section aria-label="What was planned">
      <h3 className="planned-head">
        {state === 'finished' || state === 'recorded' ? 'What it did to resources' : 'What it was to do to resources'}
        {changes !== undefined && <PlanCounts counts={changes} />}
      </h3>
      {resources.length > 0 ? <ResourceList resources={resources} /> : <p className="dim">No resource changed.</p>}
      {of?.change !== undefined && (
        <p className="small">
          for{' '}
          <Link to="/changes" search={() => ({ id: of.change })} className="link mono">
            {of.change}
          </Link>
          {' · '}
          <Link to="/changes" search={() => ({ id: of.change, plan: true })} className="link">
            its plan
          </Link>
        </p>
      )}
    </section>
  );
}

/** The ledger keeps what each event was told, as it was told. */
function resourcesIn(told: unknown): readonly PlannedResource[] {
  if (!Array.isArray(told)) return [];
  return told.filter(
    (one): one is PlannedResource => typeof one?.address === 'string' && typeof one.action === 'string',
  );
}
