import { Link, useNavigate } from '@tanstack/react-router';
import type { ChangeState, ShownChange } from '../../api/answers.ts';
import { useLive } from '../../api/live.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Asked } from '../../parts/asked.tsx';
import { Copy } from '../../parts/copy.tsx';
import { DiffText } from '../../parts/diff-text.tsx';
import { Page } from '../../parts/page.tsx';
import { Panel } from '../../parts/panel.tsx';
import { commandOf } from '../../parts/shell-word.ts';
import { Skeleton } from '../../parts/skeleton.tsx';
import { When } from '../../parts/when.tsx';
import { useFoot } from '../../shell/foot.ts';
import { useKeys } from '../../shell/keys.ts';
import { Agreed } from './agreed.tsx';
import { Applied } from './applied.tsx';
import { ChangeDeeds } from './change-deeds.tsx';
import { ChangeStateMark } from './change-state.tsx';
import { Consequence } from './consequence.tsx';
import { OtherChanges } from './other-changes.tsx';
import { PlanPanel } from './plan/plan-panel.tsx';
import { Score } from './score.tsx';
import { StateRail } from './state-rail.tsx';
import './changes.css';

/** One change: why, what it writes, what it would do now, what stands in its way, and what happened to it. */
export function Change({ id }: { readonly id: string }) {
  const query = useAnswer('/v1/changes/{id}', { id });
  const navigate = useNavigate({ from: '/changes' });
  const isSnapshot = useLive() === 'off';
  useFoot({ complete: query.data?.simulation.comparison.complete, command: commandOf('change', 'show', id) });
  useKeys({ u: () => void navigate({ search: ({ at, all }) => ({ at, all }) }) });
  return (
    <Page
      title={id}
      heading={<Heading id={id} shown={query.data} />}
      about={query.data && <About shown={query.data} />}
      actions={query.data && !isSnapshot && <ChangeDeeds shown={query.data} />}
    >
      <Asked query={query}>{(shown) => <Parts shown={shown} />}</Asked>
    </Page>
  );
}

function Heading({ id, shown }: { readonly id: string; readonly shown: ShownChange | undefined }) {
  return (
    <>
      <span className="component-id">
        <Link to="/changes" search={({ at }) => ({ at })} className="dim" title="All changes (u)">
          Changes /
        </Link>{' '}
        <span className="mono">{id}</span>
        <Copy text={id} what="the number" />
      </span>
      {shown !== undefined && (
        <span className="component-status">
          <ChangeStateMark state={shown.change.state} />
        </span>
      )}
    </>
  );
}

function About({ shown: { change } }: { readonly shown: ShownChange }) {
  const { proposer, revisers = [], proposedAt, revision, files, base, ways, reverts } = change;
  return (
    <>
      <span>
        <bdi>{proposer}</bdi> · <When at={proposedAt} />
      </span>
      {revisers.length > 0 && (
        <span>
          also given content by <bdi>{revisers.map(({ by }) => by).join(', ')}</bdi>
        </span>
      )}
      <span>
        revision {revision} · {files} file{files === 1 ? '' : 's'} · by {ways.join(', ')}
      </span>
      {reverts !== undefined && (
        <Link to="/changes" search={({ at }) => ({ at, id: reverts })} className="link">
          takes {reverts} back
        </Link>
      )}
      <span>
        on <code title={base}>{base.slice(0, 10)}</code>
      </span>
    </>
  );
}

function Parts({ shown }: { readonly shown: ShownChange }) {
  const { change, events } = shown;
  const past = new Set(events.map(({ action }) => action.replace(/^change\./, '') as ChangeState));
  return (
    <>
      <div className="change-top">
        <p className="change-reason">
          <bdi>{change.reason}</bdi>
        </p>
        <StateRail state={change.state} past={past} />
      </div>
      <div className="change-parts">
        <div className="change-side">
          <Agreed approval={shown.approval} />
          <WhatItWrites id={change.id} revision={change.revision} />
          <PlanPanel change={change} />
          <Panel title="What happened" count={events.length} flush>
            <ol>
              {events.map((event) => (
                <li key={event.id} className="change-event">
                  <bdi>{event.action.replace(/^change\./, '')}</bdi>
                  <span className="small dim">
                    <bdi>{event.actor}</bdi> by {event.door} · <When at={event.at} />
                  </span>
                  {typeof event.details['reason'] === 'string' && event.action !== 'change.proposed' && (
                    <bdi className="small change-event-reason">{event.details['reason']}</bdi>
                  )}
                </li>
              ))}
            </ol>
          </Panel>
        </div>
        <div className="change-main">
          <Applied shown={shown} />
          {change.apply?.committed === true && <Score id={change.id} />}
          {isThere(shown) ? (
            <>
              <p className="dim">It is part of what the estate follows; nothing of it is left to be evaluated.</p>
              <OtherChanges others={shown.others} />
            </>
          ) : (
            <Consequence told={shown} />
          )}
        </div>
      </div>
    </>
  );
}

/** What a change would do is found out on top of the followed ref: where that holds it, nothing is left. */
function isThere({ change: { apply }, simulation: { comparison } }: ShownChange): boolean {
  const { changed, undecided, added, removed } = comparison;
  return apply?.committed === true && changed.length + undecided.length + added.length + removed.length === 0;
}

function WhatItWrites({ id, revision }: { readonly id: string; readonly revision: number }) {
  const query = useAnswer('/v1/changes/{id}/diff', { id }, { keep: true });
  return (
    <Panel
      title="What it writes"
      action={<span className="small">revision {query.data?.revision ?? revision}</span>}
      flush
    >
      <Asked query={query} waiting={<Skeleton rows={4} />}>
        {({ diff }) => <DiffText diff={diff} none="It writes nothing." />}
      </Asked>
    </Panel>
  );
}
