import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { ComponentStatus } from '../../api/answers.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Asked } from '../../parts/asked.tsx';
import { ComponentLink } from '../../parts/component-name.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Page } from '../../parts/page.tsx';
import { type Column, Rows } from '../../parts/rows.tsx';
import { Sentence } from '../../parts/sentence.tsx';
import { commandOf } from '../../parts/shell-word.ts';
import { StatusMark, StatusShape } from '../../parts/status-mark.tsx';
import { statusLooks, statusWords } from '../../parts/status-word.ts';
import { useFoot } from '../../shell/foot.ts';

/** How each deployment is, and why; what needs somebody first. */
export function Status() {
  const { word, select = [] } = useSearch({ from: '/status' });
  const navigate = useNavigate({ from: '/status' });
  const query = useAnswer('/v1/status', select.length === 0 ? {} : { select }, { keep: true });
  useFoot({ view: query.data?.view, complete: query.data?.complete, command: commandOf('status', ...select) });
  const rows = useMemo(
    () =>
      (query.data?.components ?? [])
        .filter(({ status }) => word === undefined || status === word)
        .toSorted((a, b) => statusLooks[a.status].rank - statusLooks[b.status].rank),
    [query.data, word],
  );
  return (
    <Page title="Status" fill>
      <Asked query={query}>
        {({ counts, hints, components }) => (
          <>
            <div className="toolbar">
              <div className="chips">
                {statusWords
                  .filter((one) => (counts[one] ?? 0) > 0)
                  .map((one) => (
                    <button
                      type="button"
                      key={one}
                      className="chip"
                      aria-pressed={word === one}
                      onClick={() =>
                        void navigate({
                          search: (before) => ({ ...before, word: word === one ? undefined : one }),
                          replace: true,
                        })
                      }
                    >
                      <span className={`status tone-${statusLooks[one].tone}`}>
                        <StatusShape status={one} />
                      </span>
                      {one} {(counts[one] ?? 0).toLocaleString('en')}
                    </button>
                  ))}
              </div>
            </div>
            {hints.length > 0 && (
              <ul className="dim small">
                {hints.map((hint) => (
                  <li key={hint}>
                    <Sentence text={hint} />
                  </li>
                ))}
              </ul>
            )}
            {rows.length === 0 ? (
              <Empty
                title={components.length === 0 ? 'Nothing to tell of' : `Nothing is ${word}`}
                command={components.length === 0 ? 'karma doctor' : 'karma status'}
              />
            ) : (
              <Rows<ComponentStatus>
                label="Status"
                rows={rows}
                columns={components.some(({ deployment }) => deployment !== '') ? columns : withoutDeployments}
                keyOf={({ component, deployment }) => `${component} ${deployment}`}
                onOpen={({ component }) =>
                  void navigate({ to: '/component', search: ({ at }) => ({ at, id: component }) })
                }
              />
            )}
          </>
        )}
      </Asked>
    </Page>
  );
}

const columns: readonly Column<ComponentStatus>[] = [
  { key: 'status', title: 'Status', width: '112px', show: ({ status }) => <StatusMark status={status} /> },
  {
    key: 'component',
    title: 'Component',
    width: 'minmax(180px, 1.2fr)',
    narrow: 'minmax(100px, 1fr)',
    show: ({ component }) => <ComponentLink id={component} />,
  },
  {
    key: 'deployment',
    title: 'Deployment',
    width: 'minmax(60px, 0.5fr)',
    wideOnly: true,
    show: ({ deployment }) => (deployment === '' ? <span className="zero">·</span> : <bdi>{deployment}</bdi>),
  },
  {
    key: 'reasons',
    title: 'Because',
    width: 'minmax(0, 2.4fr)',
    wideOnly: true,
    show: ({ reasons }) => (
      <bdi className="dim" title={reasons.join('\n')}>
        {reasons.join('; ')}
      </bdi>
    ),
  },
  {
    key: 'why',
    title: 'Why',
    quiet: true,
    width: '32px',
    show: ({ component }) => (
      <Link to="/why" search={({ at }) => ({ at, of: component })} className="link small">
        why
      </Link>
    ),
  },
];

const withoutDeployments = columns.filter(({ key }) => key !== 'deployment');
