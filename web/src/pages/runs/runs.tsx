import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ToldRun } from '../../api/answers.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Asked } from '../../parts/asked.tsx';
import { ComponentLink } from '../../parts/component-name.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Page } from '../../parts/page.tsx';
import { type Column, Rows } from '../../parts/rows.tsx';
import { commandOf } from '../../parts/shell-word.ts';
import { When } from '../../parts/when.tsx';
import { useFoot } from '../../shell/foot.ts';
import { Requests } from './requests.tsx';
import { Run } from './run.tsx';
import { RunState, runStates } from './run-state.tsx';
import './runs.css';

/** Runs, those that began last first; one of them with its log as it is written. */
export function Runs() {
  const { asked } = useSearch({ from: '/runs' });
  const navigate = useNavigate({ from: '/runs' });
  return (
    <Page
      title="Runs"
      fill
      actions={
        <span className="segments" role="group" aria-label="Shown">
          {[undefined, true].map((one) => (
            <button
              type="button"
              key={String(one)}
              className="button"
              aria-pressed={asked === one}
              onClick={() => void navigate({ search: ({ at }) => ({ at, asked: one }), replace: true })}
            >
              {one === true ? 'Asked for' : 'Runs'}
            </button>
          ))}
        </span>
      }
    >
      {asked === true ? <Requests /> : <KnownRuns />}
    </Page>
  );
}

function KnownRuns() {
  const { id, component, state, deploy } = useSearch({ from: '/runs' });
  const navigate = useNavigate({ from: '/runs' });
  const query = useAnswer('/v1/runs', { component, state, deploy, limit: 200 }, { keep: true });
  useFoot({
    command: commandOf('log', 'list', '--action', 'run.', ...(component === undefined ? [] : ['--subject', component])),
  });
  const change = (next: {
    state?: string | undefined;
    component?: string | undefined;
    deploy?: string | undefined;
    id?: string | undefined;
  }) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  return (
    <>
      <div className="toolbar">
        <div className="chips">
          {runStates.map((one) => (
            <button
              type="button"
              key={one}
              className="chip"
              aria-pressed={state === one}
              onClick={() => change({ state: state === one ? undefined : one })}
            >
              {one}
            </button>
          ))}
          {component !== undefined && <Only text={component} onEnd={() => change({ component: undefined })} />}
          {deploy !== undefined && <Only text={`deploy ${deploy}`} onEnd={() => change({ deploy: undefined })} />}
        </div>
      </div>
      <Asked query={query}>
        {({ runs, next }) =>
          runs.length === 0 ? (
            <Empty title="No run is known" command="karma deploy --all">
              Runs of Karma's own show here, and those that a pipeline tells of: <code>karma record plan.json</code>.
            </Empty>
          ) : (
            <div className={`runs-body${id === undefined ? '' : ' with-side'}`}>
              <Rows<ToldRun>
                label="Runs"
                rows={runs}
                columns={columns}
                keyOf={(run) => run.id}
                chosen={id}
                onOpen={(run) => change({ id: run.id === id ? undefined : run.id })}
              />
              {id !== undefined && (
                <aside className="estate-side" aria-label="One run">
                  <Run key={id} id={id} onClose={() => change({ id: undefined })} />
                </aside>
              )}
              {next !== undefined && <p className="dim small">The newest {runs.length} are shown.</p>}
            </div>
          )
        }
      </Asked>
    </>
  );
}

function Only({ text, onEnd }: { readonly text: string; readonly onEnd: () => void }) {
  return (
    <button type="button" className="chip" aria-pressed="true" onClick={onEnd}>
      <bdi>{text}</bdi> <Icon name="close" size={10} />
    </button>
  );
}

const columns: readonly Column<ToldRun>[] = [
  { key: 'state', title: 'State', width: '104px', narrow: '88px', show: ({ state }) => <RunState state={state} /> },
  {
    key: 'component',
    title: 'Component',
    width: 'minmax(160px, 1.4fr)',
    narrow: 'minmax(100px, 1fr)',
    show: ({ component }) => <ComponentLink id={component} />,
  },
  { key: 'at', title: 'Began', width: '92px', narrow: '76px', show: ({ startedAt }) => <When at={startedAt} /> },
  {
    key: 'took',
    title: 'Took',
    width: '60px',
    numeric: true,
    wideOnly: true,
    show: ({ seconds }) => (seconds === undefined ? '' : `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`),
  },
  {
    key: 'changes',
    title: 'Changes',
    width: '92px',
    wideOnly: true,
    show: ({ changes }) => changes !== undefined && <ChangesMade changes={changes} />,
  },
  {
    key: 'reason',
    title: 'Reason',
    quiet: true,
    width: 'minmax(0, 1.6fr)',
    wideOnly: true,
    show: ({ reason, code }) => (
      <bdi className="dim" title={reason ?? code}>
        {reason ?? code}
      </bdi>
    ),
  },
  {
    key: 'actor',
    title: 'Who',
    width: 'minmax(60px, 0.5fr)',
    wideOnly: true,
    show: ({ actor }) => <bdi className="dim">{actor}</bdi>,
  },
  {
    key: 'deploy',
    title: 'Deploy',
    width: 'minmax(60px, 0.6fr)',
    wideOnly: true,
    show: ({ deploy }) =>
      deploy === undefined ? (
        ''
      ) : (
        <Link to="/runs" search={(before) => ({ ...before, deploy })} className="mono small dim">
          {deploy}
        </Link>
      ),
  },
];

function ChangesMade({ changes }: { readonly changes: NonNullable<ToldRun['changes']> }) {
  const { add = 0, change = 0, destroy = 0 } = changes as { add?: number; change?: number; destroy?: number };
  return (
    <span className="mono small">
      <span className={add > 0 ? 'tone-ok' : 'dim'}>+{add}</span>{' '}
      <span className={change > 0 ? 'tone-warn' : 'dim'}>~{change}</span>{' '}
      <span className={destroy > 0 ? 'tone-bad' : 'dim'}>−{destroy}</span>
    </span>
  );
}
