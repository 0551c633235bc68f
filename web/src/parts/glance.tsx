import { Link } from '@tanstack/react-router';
import { useAnswer } from '../api/use-answer.ts';
import { useAt } from '../api/use-at.ts';
import { useStatusOf } from '../api/use-statuses.ts';
import { Asked } from './asked.tsx';
import { ComponentLink, ComponentName } from './component-name.tsx';
import { GlanceHead } from './glance-head.tsx';
import { StatusMark } from './status-mark.tsx';
import './glance.css';

const most = 10;

/** What one wants to know of a component without leaving the picture. */
export function Glance({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const query = useAnswer('/v1/component', { ...useAt(), id });
  const now = useStatusOf(id);
  return (
    <section className="glance" aria-label={`At a glance: ${id}`}>
      <GlanceHead hint="Close (Esc)" onClose={onClose}>
        <h2>
          <ComponentName id={id} />
        </h2>
      </GlanceHead>
      {now.map(({ deployment, status, reasons }) => (
        <div key={deployment} className="glance-now">
          <StatusMark status={status} /> {deployment !== '' && <bdi className="dim">{deployment}</bdi>}
          <p className="small dim">
            <bdi>{reasons[0]}</bdi>
          </p>
        </div>
      ))}
      <div className="glance-actions">
        <Link to="/component" search={({ at }) => ({ at, id })} className="button">
          Open
        </Link>
        <Link to="/impact" search={({ at }) => ({ at, of: [id] })} className="button">
          Impact
        </Link>
        <Link to="/why" search={({ at }) => ({ at, of: id })} className="button">
          Why
        </Link>
        <Link to="/graph" search={({ at }) => ({ at, root: [id] })} className="button">
          Focus
        </Link>
      </div>
      <Asked query={query}>
        {({ dependsOn, usedBy, findings }) => (
          <>
            <Side title="Depends on" ids={dependsOn.map((one) => one.id)} />
            <Side title="Used by" ids={usedBy.map((one) => one.id)} />
            {findings.length > 0 && (
              <Link to="/component" search={({ at }) => ({ at, id })} hash="findings" className="tone-warn">
                {findings.length} finding{findings.length === 1 ? '' : 's'}
              </Link>
            )}
          </>
        )}
      </Asked>
    </section>
  );
}

function Side({ title, ids }: { readonly title: string; readonly ids: readonly string[] }) {
  return (
    <div>
      <h3>
        {title} <span className="dim">{ids.length}</span>
      </h3>
      <ul>
        {ids.slice(0, most).map((id) => (
          <li key={id} className="glance-one">
            <ComponentLink id={id} />
          </li>
        ))}
        {ids.length > most && <li className="dim small">{ids.length - most} more</li>}
      </ul>
    </div>
  );
}
