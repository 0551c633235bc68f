import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { RunRequest, ToldRun } from '../../api/answers.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Asked } from '../../parts/asked.tsx';
import { ComponentName } from '../../parts/component-name.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { GlanceHead } from '../../parts/glance-head.tsx';
import { Sentence } from '../../parts/sentence.tsx';
import { When } from '../../parts/when.tsx';
import { RequestState } from './request-state.tsx';
import { subjectOf, wordOf } from './request-subject.ts';
import { RunLog } from './run-log.tsx';
import { RunState } from './run-state.tsx';
import '../../parts/glance.css';

/** One request: how far it is, what runs of it there are, and the log of the one that runs. */
export function Request({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const query = useAnswer('/v1/request', { id });
  return (
    <section className="glance run" aria-label={`Request ${id}`}>
      <GlanceHead onClose={onClose}>
        <h2 className="mono">{id}</h2>
      </GlanceHead>
      <Asked query={query}>
        {({ request }) => (
          <>
            <div>
              <RequestState state={request.state} />
              {request.message !== undefined && (
                <p className="run-reason">
                  <bdi>{request.message}</bdi>
                </p>
              )}
            </div>
            <RequestFacts request={request} />
            {request.of === undefined && <RunsOf request={request} />}
          </>
        )}
      </Asked>
    </section>
  );
}

function RequestFacts({ request }: { readonly request: RunRequest }) {
  const { of, change, commit, actor, door, askedAt, endedAt, worker, reason, members } = request;
  const about = change ?? of;
  return (
    <Facts>
      <Fact name="What">
        {wordOf(request)}{' '}
        {about === undefined ? (
          <bdi className="mono">{subjectOf(request)}</bdi>
        ) : (
          <Link
            to="/changes"
            search={({ at }) => ({ at, id: about, ...(of === undefined ? {} : { plan: true }) })}
            className="link mono"
          >
            {about}
          </Link>
        )}
      </Fact>
      <Fact name="Asked">
        <When at={askedAt} /> by <bdi>{actor}</bdi> <span className="dim">({door})</span>
      </Fact>
      {reason !== undefined && (
        <Fact name="Why">
          <bdi>{reason}</bdi>
        </Fact>
      )}
      <Fact name="Commit">
        <code>{commit.slice(0, 12)}</code>
      </Fact>
      {worker !== undefined && (
        <Fact name="Worker">
          <bdi className="mono">{worker}</bdi>
        </Fact>
      )}
      {endedAt !== undefined && (
        <Fact name="Ended">
          <When at={endedAt} />
        </Fact>
      )}
      {members !== undefined && (
        <Fact name={of === undefined ? 'Runs' : 'Components'}>
          {Object.entries(members)
            .map(([state, count]) => `${count} ${state}`)
            .join(', ')}
        </Fact>
      )}
    </Facts>
  );
}

/** The runs of the deploys that it became, and the log of the one that runs, or went wrong. */
export function RunsOf({ request: { deploys = [], state } }: { readonly request: RunRequest }) {
  const query = useAnswer('/v1/runs', { limit: 500 }, { keep: true });
  const [chosen, setChosen] = useState<string>();
  if (state === 'asked')
    return (
      <p className="dim">
        It waits for a worker: a service has one, and <code>karma worker</code> is one alone.
      </p>
    );
  return (
    <Asked query={query}>
      {({ runs }) => {
        const own = runs.filter(({ deploy }) => deploy !== undefined && deploys.includes(deploy));
        const shown =
          own.find(({ id }) => id === chosen) ?? own.find(isRunning) ?? own.find(({ state: is }) => is === 'failed');
        return (
          <>
            <h3>Runs</h3>
            <ul>
              {own.map((run) => (
                <li key={run.id}>
                  <button
                    type="button"
                    className="request-run"
                    aria-pressed={run.id === shown?.id}
                    onClick={() => setChosen(run.id)}
                  >
                    <RunState state={run.state} />
                    <ComponentName id={run.component} />
                  </button>
                </li>
              ))}
              {own.length === 0 && <li className="dim">None yet.</li>}
            </ul>
            {shown !== undefined && (
              <>
                <Link to="/runs" search={{ id: shown.id }} className="link small">
                  {shown.id}
                </Link>
                {shown.reason !== undefined && (
                  <p className={shown.state === 'failed' ? 'tone-bad' : 'dim'}>
                    <Sentence text={shown.reason} />
                  </p>
                )}
                <RunLog key={shown.id} id={shown.id} />
              </>
            )}
          </>
        );
      }}
    </Asked>
  );
}

function isRunning({ state }: ToldRun): boolean {
  return state === 'planning' || state === 'applying';
}
