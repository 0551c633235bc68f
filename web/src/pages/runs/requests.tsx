import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { RunRequest } from '../../api/answers.ts';
import { useLive } from '../../api/live.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Asked } from '../../parts/asked.tsx';
import { Empty } from '../../parts/empty.tsx';
import { type Column, Rows } from '../../parts/rows.tsx';
import { When } from '../../parts/when.tsx';
import { AskRun } from './ask-run.tsx';
import { Request } from './request.tsx';
import { RequestState } from './request-state.tsx';
import { subjectOf, wordOf } from './request-subject.ts';

/** Runs that somebody asked for: waiting for a worker, being run, and over. */
export function Requests() {
  const { request } = useSearch({ from: '/runs' });
  const navigate = useNavigate({ from: '/runs' });
  const query = useAnswer('/v1/requests', { limit: 500 }, { keep: true });
  const show = (id: string | undefined): void =>
    void navigate({ search: (before) => ({ ...before, request: id }), replace: true });
  const [asking, setAsking] = useState(false);
  const isSnapshot = useLive() === 'off';
  return (
    <>
      {!isSnapshot && (
        <div className="toolbar">
          <button type="button" className="button" onClick={() => setAsking(true)}>
            Ask for a run …
          </button>
        </div>
      )}
      {asking && (
        <AskRun
          onClose={() => setAsking(false)}
          onAsked={(id) => {
            setAsking(false);
            show(id);
          }}
        />
      )}
      <Asked query={query}>
        {({ requests }) =>
          requests.length === 0 ? (
            <Empty title="Nobody asked for a run" command="karma token create deployer --role operator">
              Whoever holds a token of an operator asks here or by <code>POST /v1/runs</code>; a worker takes it, as
              does this service.
            </Empty>
          ) : (
            <div className={`runs-body${request === undefined ? '' : ' with-side'}`}>
              <Rows<RunRequest>
                label="Runs that were asked for"
                rows={requests.toSorted((a, b) => (a.askedAt < b.askedAt ? 1 : -1))}
                columns={columns}
                keyOf={({ id }) => id}
                chosen={request}
                onOpen={({ id }) => show(id === request ? undefined : id)}
              />
              {request !== undefined && (
                <aside className="estate-side" aria-label="One request">
                  <Request key={request} id={request} onClose={() => show(undefined)} />
                </aside>
              )}
            </div>
          )
        }
      </Asked>
    </>
  );
}

const columns: readonly Column<RunRequest>[] = [
  { key: 'state', title: 'State', width: '104px', narrow: '88px', show: ({ state }) => <RequestState state={state} /> },
  {
    key: 'what',
    title: 'What',
    width: 'minmax(140px, 1.4fr)',
    narrow: 'minmax(100px, 1fr)',
    show: (request) => (
      <bdi>
        {wordOf(request)} <span className="mono">{subjectOf(request)}</span>
      </bdi>
    ),
  },
  { key: 'at', title: 'Asked', width: '92px', narrow: '76px', show: ({ askedAt }) => <When at={askedAt} /> },
  {
    key: 'where',
    title: 'Where',
    width: 'minmax(60px, 0.7fr)',
    wideOnly: true,
    show: ({ environments }) => <bdi className="dim">{environments.join(', ')}</bdi>,
  },
  {
    key: 'actor',
    title: 'Who',
    width: 'minmax(60px, 0.6fr)',
    wideOnly: true,
    show: ({ actor }) => <bdi className="dim">{actor}</bdi>,
  },
  {
    key: 'reason',
    title: 'Why',
    quiet: true,
    width: 'minmax(0, 1.2fr)',
    wideOnly: true,
    show: ({ reason, message }) => (
      <bdi className="dim" title={message ?? reason}>
        {message ?? reason}
      </bdi>
    ),
  },
];
