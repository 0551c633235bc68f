import { Link } from '@tanstack/react-router';
import type { ComponentStatus } from '../../api/answers.ts';
import { useStatuses } from '../../api/use-statuses.ts';
import { ComponentLink } from '../../parts/component-name.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { StatusMark } from '../../parts/status-mark.tsx';
import { statusLooks } from '../../parts/status-word.ts';

const most = 8;

/** What needs a person, worst first. What is only unknown needs nobody yet, and is counted. */
export function NeedsSomebody() {
  const statuses = useStatuses();
  if (statuses === undefined)
    return (
      <Panel title="Needs somebody">
        <Skeleton rows={3} />
      </Panel>
    );
  const needing = statuses.all
    .filter(({ status }) => statusLooks[status].rank < statusLooks.unknown.rank)
    .sort((a, b) => statusLooks[a.status].rank - statusLooks[b.status].rank);
  const unknown = statuses.counts.unknown ?? 0;
  return (
    <Panel title="Needs somebody" count={needing.length} flush>
      <ul>
        {needing.slice(0, most).map((one) => (
          <Needing key={`${one.component} ${one.deployment}`} one={one} />
        ))}
      </ul>
      {needing.length === 0 && (
        <p className="none">
          {unknown === 0
            ? 'Nobody has to do anything.'
            : `Nothing is known to need anybody; of ${unknown} nothing is known.`}
        </p>
      )}
      {needing.length > most && (
        <Link to="/status" search={({ at }) => ({ at })} className="more">
          {needing.length - most} more
        </Link>
      )}
    </Panel>
  );
}

function Needing({ one: { component, status, reasons } }: { readonly one: ComponentStatus }) {
  return (
    <li className="needing">
      <StatusMark status={status} />
      <ComponentLink id={component} />
      <span className="needing-reason" title={reasons.join('\n')}>
        <bdi>{reasons[0]}</bdi>
      </span>
      <Link to="/why" search={({ at }) => ({ at, of: component })} className="link small">
        why
      </Link>
    </li>
  );
}
