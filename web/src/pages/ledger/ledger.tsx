import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { LedgerEvent } from '../../api/answers.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Asked } from '../../parts/asked.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Page } from '../../parts/page.tsx';
import { type Column, Rows } from '../../parts/rows.tsx';
import { commandOf } from '../../parts/shell-word.ts';
import { When } from '../../parts/when.tsx';
import { useFoot } from '../../shell/foot.ts';
import { summaryOf } from './summary-of.ts';

/** What happened, newest first; each row opens what it is about, as it was then. */
export function Ledger() {
  const { action, subject, contains, limit = 200 } = useSearch({ from: '/ledger' });
  const navigate = useNavigate({ from: '/ledger' });
  const query = useAnswer('/v1/log', { action, subject, contains, limit }, { keep: true });
  const [typed, setTyped] = useState<string>();
  useFoot({
    command: commandOf(
      'log',
      'list',
      ...(action === undefined ? [] : ['--action', action]),
      ...(subject === undefined ? [] : ['--subject', subject]),
    ),
  });
  const change = (next: { action?: string | undefined; subject?: string | undefined; contains?: string | undefined }) =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  return (
    <Page title="Ledger" fill>
      <div className="toolbar">
        <form
          className="field filter-field"
          onSubmit={(event) => {
            event.preventDefault();
            change({ contains: typed?.trim() || undefined });
          }}
        >
          <Icon name="search" size={14} />
          <input
            aria-label="Text that events hold"
            placeholder="Text anywhere in an event"
            spellCheck={false}
            value={typed ?? contains ?? ''}
            onChange={({ target }) => setTyped(target.value)}
          />
        </form>
        <div className="chips">
          {action !== undefined && (
            <button type="button" className="chip" aria-pressed="true" onClick={() => change({ action: undefined })}>
              {action} <Icon name="close" size={10} />
            </button>
          )}
          {subject !== undefined && (
            <button type="button" className="chip" aria-pressed="true" onClick={() => change({ subject: undefined })}>
              <bdi>{subject}</bdi> <Icon name="close" size={10} />
            </button>
          )}
        </div>
      </div>
      <Asked query={query}>
        {({ events }) =>
          events.length === 0 ? (
            <Empty title="Nothing is written of that" command="karma build">
              The ledger holds versions, runs and imports from the moment on that the first of them happens.
            </Empty>
          ) : (
            <Rows<LedgerEvent>
              label="Events"
              rows={events}
              columns={columns}
              keyOf={({ seq }) => String(seq)}
              onOpen={(event) => void navigate(subjectOf(event))}
            />
          )
        }
      </Asked>
    </Page>
  );
}

/** Where an event leads: to the version it made, or to the component it is about. */
function subjectOf({ subject }: LedgerEvent) {
  if (/^v\d+$/.test(subject)) return { to: '/', search: { at: subject } } as const;
  if (subject.includes('/') && !subject.includes(' ')) return { to: '/component', search: { id: subject } } as const;
  return { to: '/ledger', search: { subject } } as const;
}

const columns: readonly Column<LedgerEvent>[] = [
  { key: 'at', title: 'When', width: '96px', narrow: '76px', show: ({ at }) => <When at={at} /> },
  {
    key: 'action',
    title: 'What',
    width: 'minmax(130px, 0.7fr)',
    narrow: 'minmax(90px, 0.9fr)',
    show: ({ action, outcome }) => (
      <Link
        to="/ledger"
        search={(before) => ({ ...before, action })}
        className={outcome === 'ok' || outcome === 'intent' ? '' : 'tone-bad'}
        title={outcome === 'ok' ? `only ${action}` : `${action}: ${outcome}`}
      >
        <bdi>{action}</bdi>
      </Link>
    ),
  },
  {
    key: 'subject',
    title: 'About',
    width: 'minmax(120px, 1.3fr)',
    narrow: 'minmax(100px, 1.1fr)',
    show: ({ subject }) => <bdi title={subject}>{subject}</bdi>,
  },
  {
    key: 'details',
    title: 'Details',
    quiet: true,
    width: 'minmax(0, 2fr)',
    wideOnly: true,
    show: (event) => (
      <bdi className="dim" title={summaryOf(event)}>
        {summaryOf(event)}
      </bdi>
    ),
  },
  {
    key: 'actor',
    title: 'Who',
    width: 'minmax(70px, 0.6fr)',
    wideOnly: true,
    show: ({ actor, door }) => (
      <bdi className="dim" title={`${actor}, by ${door}`}>
        {actor}
      </bdi>
    ),
  },
];
