import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { KeptPlan, MemberPlan } from '../../../api/answers.ts';
import { useLive } from '../../../api/live.ts';
import { useAnswer } from '../../../api/use-answer.ts';
import { Asked } from '../../../parts/asked.tsx';
import { Empty } from '../../../parts/empty.tsx';
import { Page } from '../../../parts/page.tsx';
import { Panel } from '../../../parts/panel.tsx';
import { commandOf } from '../../../parts/shell-word.ts';
import { When } from '../../../parts/when.tsx';
import { useFoot } from '../../../shell/foot.ts';
import { useKeys } from '../../../shell/keys.ts';
import { PlanDialog } from '../change-deeds.tsx';
import { MemberPlanned } from './member-plan.tsx';
import { PlanAsked } from './plan-asked.tsx';
import { PlanVerdict } from './plan-verdict.tsx';
import { isPlannable } from './plannable.ts';
import './plan.css';

/** The plan of a change: what Terraform said that it would do, component by component and resource by resource. */
export function PlanPage({ id }: { readonly id: string }) {
  const query = useAnswer('/v1/changes/{id}/plan', { id });
  const shown = useAnswer('/v1/changes/{id}', { id });
  const navigate = useNavigate({ from: '/changes' });
  const [asking, setAsking] = useState(false);
  const isSnapshot = useLive() === 'off';
  const mayAsk = shown.data !== undefined && isPlannable(shown.data.change) && !isSnapshot;
  useFoot({ command: commandOf('change', 'plan', id, '--kept') });
  useKeys({ u: () => void navigate({ search: ({ at }) => ({ at, id }) }) });
  return (
    <Page
      title={`Plan of ${id}`}
      heading={
        <span className="component-id">
          <Link to="/changes" search={({ at }) => ({ at })} className="dim">
            Changes /
          </Link>{' '}
          <Link to="/changes" search={({ at }) => ({ at, id })} className="dim mono" title="The change (u)">
            {id} /
          </Link>{' '}
          Plan
        </span>
      }
      about={query.data?.plan && <About plan={query.data.plan} />}
      actions={
        <>
          <PlanAsked change={id} />
          {mayAsk && (
            <button type="button" className="button" onClick={() => setAsking(true)}>
              {query.data?.plan === undefined ? 'Plan …' : 'Plan again …'}
            </button>
          )}
        </>
      }
    >
      {asking && shown.data !== undefined && <PlanDialog shown={shown.data} onClose={() => setAsking(false)} />}
      <Asked query={query}>
        {({ plan, outdated }) =>
          plan === undefined ? (
            <Empty title="Nobody planned it yet" command={commandOf('change', 'plan', id)}>
              A plan asks Terraform itself, in order, and changes nothing. What it found stays here.
            </Empty>
          ) : (
            <Parts plan={plan} outdated={outdated} />
          )
        }
      </Asked>
    </Page>
  );
}

function About({ plan: { by, at, revision, head, on, seconds, plans } }: { readonly plan: KeptPlan }) {
  return (
    <>
      <span>
        <bdi>{by}</bdi> · <When at={at} />
      </span>
      <span>revision {revision}</span>
      <span>
        <code title={head}>{head.slice(0, 10)}</code> on <code title={on}>{on.slice(0, 10)}</code>
      </span>
      <span>
        {plans.length.toLocaleString('en')} component{plans.length === 1 ? '' : 's'} in {seconds.toFixed(1)} s
      </span>
    </>
  );
}

const groups: readonly (readonly [title: string, states: readonly MemberPlan['state'][], about?: string])[] = [
  ['What could not be planned', ['failed', 'discarded']],
  ['What Terraform would do', ['planned']],
  [
    'What waits for a value',
    ['waiting'],
    'It is known only once something before it has run. Nothing is planned on a value that was made up.',
  ],
  ['Skipped with proof', ['skipped']],
];

function Parts({ plan, outdated }: { readonly plan: KeptPlan; readonly outdated: string | undefined }) {
  const { plans, notRun, asTheyAre } = plan;
  const few = plans.filter(({ state }) => state === 'planned').length <= 8;
  return (
    <>
      <div className="verdict-block" role="status">
        <PlanVerdict plan={plan} />
        {outdated !== undefined && <p className="tone-warn">It is not what would happen now: {outdated}.</p>}
        {asTheyAre.map((reason) => (
          <p key={reason} className="tone-warn">
            <bdi>{reason}</bdi>: planned as it is
          </p>
        ))}
        <p className="small dim">
          Applying plans each component anew when its turn comes, with the values of that moment. Who agrees, agrees to
          what the change does. Secrets are left out.
        </p>
      </div>
      {groups.map(([title, states, about]) => (
        <Members
          key={title}
          title={title}
          about={about}
          members={plans.filter(({ state }) => states.includes(state))}
          open={few && states[0] === 'planned'}
        />
      ))}
      {notRun.length > 0 && (
        <Panel title="Left alone" count={notRun.length} flush>
          <ul>
            {notRun.slice(0, 100).map(({ component, reason }) => (
              <li key={`${component} ${reason}`} className="planned-member">
                <bdi className="mono">{component}</bdi> <span className="dim">{reason}</span>
              </li>
            ))}
          </ul>
          {notRun.length > 100 && <p className="none">{notRun.length - 100} more</p>}
        </Panel>
      )}
    </>
  );
}

const most = 60;

function Members({
  title,
  about,
  members,
  open,
}: {
  readonly title: string;
  readonly about: string | undefined;
  readonly members: readonly MemberPlan[];
  readonly open: boolean;
}) {
  const [all, setAll] = useState(false);
  if (members.length === 0) return null;
  const sorted = members.toSorted((a, b) => Number(isQuiet(a)) - Number(isQuiet(b)));
  const shown = all ? sorted : sorted.slice(0, most);
  return (
    <Panel title={title} count={members.length} flush>
      {about !== undefined && <p className="planned-about dim">{about}</p>}
      <ul>
        {shown.map((member) => (
          <MemberPlanned key={member.key} member={member} open={open} />
        ))}
      </ul>
      {shown.length < members.length && (
        <button type="button" className="button planned-more" onClick={() => setAll(true)}>
          {(members.length - shown.length).toLocaleString('en')} more
        </button>
      )}
    </Panel>
  );
}

/** What changes nothing stands last. */
function isQuiet(member: MemberPlan): boolean {
  return member.state === 'discarded' || (member.state === 'planned' && !member.plan.anyChange);
}
