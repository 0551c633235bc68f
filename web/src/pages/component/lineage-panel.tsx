import { Link } from '@tanstack/react-router';
import { useAnswer } from '../../api/use-answer.ts';
import { Asked } from '../../parts/asked.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Sentence } from '../../parts/sentence.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { StatusMark } from '../../parts/status-mark.tsx';
import { When } from '../../parts/when.tsx';
import './lineage-panel.css';

/** How it is now, why, and what the ledger has of it. */
export function LineagePanel({ id }: { readonly id: string }) {
  const status = useAnswer('/v1/status', { select: [id] });
  const log = useAnswer('/v1/log', { subject: id, limit: 8 });
  return (
    <Panel
      title="Now"
      action={
        <Link to="/why" search={({ at }) => ({ at, of: id })} className="small link">
          why
        </Link>
      }
    >
      <Asked query={status} waiting={<Skeleton rows={2} />}>
        {({ components, hints }) => (
          <>
            {components.map(({ deployment, status: word, reasons, drift }) => (
              <div key={deployment} className="now">
                <p className="now-word">
                  <StatusMark status={word} />
                  {deployment !== '' && <bdi className="dim">{deployment}</bdi>}
                </p>
                {reasons.map((reason) => (
                  <p key={reason} className="now-reason">
                    <bdi>{reason}</bdi>
                  </p>
                ))}
                <p className="small dim">drift {drift.drifted.state.replace('-', ' ')}</p>
              </div>
            ))}
            {components.length === 0 && <p className="dim">Nothing is known of how it is.</p>}
            {hints.slice(0, 2).map((hint) => (
              <p key={hint} className="small dim">
                <Sentence text={hint} />
              </p>
            ))}
          </>
        )}
      </Asked>
      {log.data !== undefined && log.data.events.length > 0 && (
        <ol className="rail-of-events">
          {log.data.events.map((event) => (
            <li key={event.seq} className={event.outcome === 'ok' ? '' : 'tone-bad'}>
              <Link to="/ledger" search={() => ({ subject: id })} className="rail-event">
                <span className="rail-dot" />
                <bdi className="rail-action">{event.action}</bdi>
                <span className="dim small">
                  <bdi>{event.actor}</bdi> · <When at={event.at} />
                </span>
              </Link>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
