import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ListedChange } from '../../api/answers.ts';
import { useLive } from '../../api/live.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Asked } from '../../parts/asked.tsx';
import { ComponentField } from '../../parts/component-field.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Page } from '../../parts/page.tsx';
import { type Column, Rows } from '../../parts/rows.tsx';
import { commandOf } from '../../parts/shell-word.ts';
import { When } from '../../parts/when.tsx';
import { useFoot } from '../../shell/foot.ts';
import { Change } from './change.tsx';
import { ChangeStateMark } from './change-state.tsx';
import { PlanPage } from './plan/plan-page.tsx';
import { Scores } from './scores.tsx';

/** Changes that have not happened yet: which there are, what each would do; one of them in full. */
export function Changes() {
  const { id, plan } = useSearch({ from: '/changes' });
  if (id === undefined) return <List />;
  return plan === true ? <PlanPage key={id} id={id} /> : <Change key={id} id={id} />;
}

function List() {
  const { all, scores } = useSearch({ from: '/changes' });
  const navigate = useNavigate({ from: '/changes' });
  const query = useAnswer('/v1/changes', { all }, { keep: true, enabled: scores !== true });
  // Files hold nobody who would make one.
  const isSnapshot = useLive() === 'off';
  useFoot({
    command:
      scores === true ? commandOf('change', 'score') : commandOf('change', 'list', ...(all === true ? ['--all'] : [])),
  });
  return (
    <Page
      title="Changes"
      fill
      actions={
        isSnapshot ? undefined : (
          <>
            <Link to="/compose" className="button" title="Several components in one change, on a canvas">
              Compose …
            </Link>
            <Link to="/new" className="button">
              New component …
            </Link>
          </>
        )
      }
    >
      <div className="toolbar">
        {!isSnapshot && (
          <ComponentField
            label="Which component to change"
            placeholder="Change a component …"
            value=""
            onChoose={(of) => void navigate({ to: '/edit', search: { id: of } })}
          />
        )}
        <div className="chips">
          {([['open'], ['all', { all: true }], ['predicted and came', { scores: true }]] as const).map(
            ([name, shown]) => (
              <button
                type="button"
                key={name}
                className="chip"
                aria-pressed={
                  name === 'open' ? all !== true && scores !== true : name === 'all' ? all === true : scores === true
                }
                onClick={() => void navigate({ search: ({ at }) => ({ at, ...shown }), replace: true })}
              >
                {name}
              </button>
            ),
          )}
        </div>
      </div>
      {scores === true ? (
        <Scores />
      ) : (
        <Asked query={query}>
          {({ changes }) =>
            changes.length === 0 ? (
              <Empty
                title={all === true ? 'Nothing was ever proposed' : 'No change is open'}
                command='karma change propose prod/vpc/main --set az_count=2 --reason "two are enough"'
              >
                A change is a commit that has not happened yet. What it would do is known before anybody decides: name a
                component above, or propose one from a branch, a patch or the work tree.
              </Empty>
            ) : (
              <Rows<ListedChange>
                label="Changes"
                rows={changes}
                columns={columns}
                keyOf={(change) => change.id}
                onOpen={(change) => void navigate({ search: (before) => ({ ...before, id: change.id }) })}
              />
            )
          }
        </Asked>
      )}
    </Page>
  );
}

const columns: readonly Column<ListedChange>[] = [
  { key: 'id', title: 'Change', width: '58px', show: ({ id }) => <span className="mono">{id}</span> },
  { key: 'state', title: 'State', width: '100px', show: ({ state }) => <ChangeStateMark state={state} /> },
  {
    key: 'reason',
    title: 'Why',
    width: 'minmax(120px, 1.4fr)',
    show: ({ reason }) => <bdi title={reason}>{reason}</bdi>,
  },
  {
    key: 'does',
    title: 'What it would do',
    width: 'minmax(0, 1.4fr)',
    wideOnly: true,
    show: ({ summary }) => (
      <bdi className="dim" title={summary?.join('\n')}>
        {summary === undefined ? 'not found out yet' : shortened(summary[0])}
      </bdi>
    ),
  },
  {
    key: 'proposer',
    title: 'Who',
    width: 'minmax(60px, 0.5fr)',
    wideOnly: true,
    show: ({ proposer }) => <bdi className="dim">{proposer}</bdi>,
  },
  { key: 'at', title: 'Changed', width: '84px', wideOnly: true, show: ({ changedAt }) => <When at={changedAt} /> },
];

/** `1 file → read by 1 component → 1 changed, 0 identical, …`: the list shows what comes of it, and of nothing nothing. */
function shortened(summary: string): string {
  const parts = summary.slice(summary.lastIndexOf('→') + 1).split(/[,·]/);
  return parts
    .map((part) => part.trim())
    .filter((part) => !part.startsWith('0 '))
    .join(' · ');
}
