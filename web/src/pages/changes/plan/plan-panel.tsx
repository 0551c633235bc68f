import { Link } from '@tanstack/react-router';
import type { ShownChange } from '../../../api/answers.ts';
import { useAnswer } from '../../../api/use-answer.ts';
import { Command } from '../../../parts/command.tsx';
import { Panel } from '../../../parts/panel.tsx';
import { commandOf } from '../../../parts/shell-word.ts';
import { When } from '../../../parts/when.tsx';
import { PlanAsked } from './plan-asked.tsx';
import { PlanVerdict } from './plan-verdict.tsx';
import { isPlannable } from './plannable.ts';

/** On the page of a change: what Terraform said that it would do, in a line, and the way to all of it. */
export function PlanPanel({ change }: Pick<ShownChange, 'change'>) {
  const query = useAnswer('/v1/changes/{id}/plan', { id: change.id }, { keep: true });
  const { plan, outdated } = query.data ?? {};
  if (query.data === undefined || (plan === undefined && !isPlannable(change))) return null;
  return (
    <Panel title="What Terraform would do" action={<PlanAsked change={change.id} />}>
      {plan === undefined ? (
        <>
          <p className="dim">
            Nobody planned it yet. What it does is known without that; resource by resource, after it.
          </p>
          <Command text={commandOf('change', 'plan', change.id)} />
        </>
      ) : (
        <>
          <PlanVerdict plan={plan} />
          <p className="small dim">
            <bdi>{plan.by}</bdi> · <When at={plan.at} />
            {outdated !== undefined && <span className="tone-warn"> · {outdated}</span>}
          </p>
          <p>
            <Link to="/changes" search={({ at }) => ({ at, id: change.id, plan: true })} className="link">
              Resource by resource
            </Link>
          </p>
        </>
      )}
    </Panel>
  );
}
