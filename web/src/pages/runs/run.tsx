import { Link } from '@tanstack/react-router';
import { useAnswer } from '../../api/use-answer.ts';
import { Asked } from '../../parts/asked.tsx';
import { ComponentLink } from '../../parts/component-name.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { GlanceHead } from '../../parts/glance-head.tsx';
import { When } from '../../parts/when.tsx';
import '../../parts/glance.css';
import { ChecksList } from '../component/checks-panel.tsx';
import '../component/component.css';
import { PlannedFor } from './planned-for.tsx';
import { RunLog } from './run-log.tsx';
import { RunState } from './run-state.tsx';

/** One run: how it went, what it consumed and made, and its log. */
export function Run({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const query = useAnswer('/v1/run', { id });
  return (
    <section className="glance run" aria-label={`Run ${id}`}>
      <GlanceHead onClose={onClose}>
        <h2 className="mono">{id}</h2>
      </GlanceHead>
      <Asked query={query}>
        {({ run, events, record, log }) => (
          <>
            <div>
              <RunState state={run.state} /> <ComponentLink id={run.component} />
              {run.reason !== undefined && (
                <p className="run-reason">
                  <bdi>{run.reason}</bdi>
                </p>
              )}
            </div>
            <Facts>
              <Fact name="Began">
                <When at={run.startedAt} />
                {run.seconds !== undefined && `, took ${run.seconds.toFixed(1)} s`}
              </Fact>
              <Fact name="Who">
                <bdi>{run.actor}</bdi> <span className="dim">by {run.door}</span>
              </Fact>
              {run.commit !== undefined && (
                <Fact name="Commit">
                  <code>{run.commit.slice(0, 12)}</code>
                </Fact>
              )}
              {run.deployment !== '' && (
                <Fact name="Deployment">
                  <bdi>{run.deployment}</bdi>
                </Fact>
              )}
              {record !== undefined && <Fact name="Outputs">{run.version?.slice(0, 12)}</Fact>}
            </Facts>
            <PlannedFor run={run} events={events} />
            <div className="glance-actions">
              <Link to="/why" search={() => ({ of: run.component })} className="button">
                Why
              </Link>
              <Link to="/ledger" search={() => ({ subject: run.component })} className="button">
                In the ledger
              </Link>
            </div>
            {run.checks !== undefined && run.checks.length > 0 && (
              <section aria-label="Checks">
                <h3>Checks</h3>
                <ChecksList results={run.checks} />
              </section>
            )}
            {log ? <RunLog id={id} /> : <p className="dim">Its log is not on this machine.</p>}
          </>
        )}
      </Asked>
    </section>
  );
}
